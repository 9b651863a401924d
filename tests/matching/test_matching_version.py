from importlib.metadata import version

from neurosym.matching.version import matcher_versions


def test_every_library_and_table_that_scores_depend_on_is_named_with_its_version() -> None:
    assert matcher_versions() == {
        "anyascii": version("anyascii"),
        "matcher": "1",
        "rapidfuzz": version("rapidfuzz"),
        "unicode": "3.2.0",
    }
