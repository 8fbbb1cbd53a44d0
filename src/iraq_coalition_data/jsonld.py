"""JSON-LD of the dataset for search engines (schema.org Dataset) and for machine learning tools (Croissant)."""

from typing import Any

from iraq_coalition_data.tables import descriptor

# the context that Croissant 1.0 prescribes
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def dataset(package: dict[str, Any] | None = None) -> dict[str, Any]:
    """The dataset as a schema.org Dataset, to be embedded in a page; of another descriptor than the shipped one, if given."""
    package = package or descriptor()
    start, end = _period()
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **_described(package),
        "temporalCoverage": f"{start}/{end}",
        "spatialCoverage": {"@type": "Place", "name": "Iraq"},
        "isAccessibleForFree": True,
        "variableMeasured": sorted(
            {field["name"] for resource in package["resources"] for field in resource["schema"]["fields"]}
        ),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource["name"],
                "description": resource["description"],
                "contentUrl": resource["path"],
                "encodingFormat": resource["mediatype"],
                "contentSize": f"{resource['bytes']} B",
                "sha256": resource["hash"].removeprefix("sha256:"),
            }
            for resource in package["resources"]
        ],
    }


def croissant(package: dict[str, Any] | None = None) -> dict[str, Any]:
    """The dataset in Croissant 1.0; addresses of files are relative to where the descriptor lies."""
    package = package or descriptor()
    from iraq_coalition_data.citing import cite

    present = {resource["name"] for resource in package["resources"]}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **_described(package),
        "citeAs": cite("bibtex"),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": resource["path"],
                "name": resource["path"],
                "description": resource["description"],
                "contentUrl": resource["path"],
                "encodingFormat": resource["mediatype"],
                "contentSize": f"{resource['bytes']} B",
                "sha256": resource["hash"].removeprefix("sha256:"),
            }
            for resource in package["resources"]
        ],
        "recordSet": [_record_set(resource, present) for resource in package["resources"]],
    }


def _described(package: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": package["title"],
        "alternateName": package["name"],
        "description": package["description"],
        "version": package["version"],
        "datePublished": package["created"][:10],
        "license": [licence["path"] for licence in package["licenses"]],
        "keywords": package["keywords"],
        "inLanguage": "en",
        "creator": [{"@type": "Organization", "name": contributor["title"]} for contributor in package["contributors"]],
    }


def _record_set(resource: dict[str, Any], present: set[str]) -> dict[str, Any]:
    schema, table = resource["schema"], resource["name"]
    targets = {key["fields"][0]: key["reference"] for key in schema.get("foreignKeys", [])}
    columns = []
    for field in schema["fields"]:
        name = field["name"]
        column = {
            "@type": "cr:Field",
            "@id": f"{table}/{name}",
            "name": f"{table}/{name}",
            "description": field["description"],
            # a partial date is text; as a date it would be made the first of its month
            "dataType": TYPES[field["type"]],
            "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": name}},
        }
        # a reference of a table to itself is left out: mlcroissant takes it for a cycle of files
        if name in targets and targets[name].get("resource") in present:
            column["references"] = {"field": {"@id": f"{targets[name]['resource']}/{targets[name]['fields'][0]}"}}
        columns.append(column)
    key = [{"@id": f"{table}/{name}"} for name in schema.get("primaryKey", [])]
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": resource["description"],
        **({"key": key} if key else {}),
        "field": columns,
    }


def _period() -> tuple[str, str]:
    """First and last day of the events."""
    from iraq_coalition_data.tables import load

    events = load("events")
    return f"{events['start_date'].min():%Y-%m-%d}", f"{events['end_date'].max():%Y-%m-%d}"
