from neurosym.values.canonical import Json
def fields_document() -> Json:
    return {}
def fields_page() -> bytes:
    return b""
