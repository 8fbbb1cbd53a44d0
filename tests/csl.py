"""What a CSL-JSON bibliography may hold, after the specification of CSL 1.0.2: the fields that web pages and data sets have."""

NAME = {"type": "object", "properties": {"literal": {"type": "string", "minLength": 1}}, "additionalProperties": False}
PARTS = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
DATE = {
    "type": "object",
    "properties": {"date-parts": {"type": "array", "items": PARTS, "minItems": 1, "maxItems": 2}},
    "required": ["date-parts"],
    "additionalProperties": False,
}
TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["article-newspaper", "dataset", "webpage"]},
            "id": TEXT,
            "author": {"type": "array", "items": NAME, "minItems": 1},
            "issued": DATE,
            "accessed": DATE,
            **dict.fromkeys(("title", "container-title", "publisher", "language", "URL", "version"), TEXT),
        },
        "required": ["type", "id", "title", "author"],
        "additionalProperties": False,
    },
}
