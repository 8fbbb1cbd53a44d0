"""Puts the data beside the code in a wheel; an editable install finds them in the repository."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):
    """Adds data/ and datapackage.json to the package folder of a wheel."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Add the files unless the install is editable."""
        if version != "editable":
            for name in ("data", "datapackage.json"):
                build_data["force_include"][name] = f"iraq_coalition_data/{name}"
