"""The import-linter contract that keeps kinds and step types open: a folder that is found is imported by nobody."""

from __future__ import annotations

from importlinter import Contract, ContractCheck, fields, output


class OpenFolders(Contract):
    """Every folder of the containers is imported by itself alone: not by a sibling, a registry or a higher unit."""

    type_name = "open_folders"
    containers = fields.ListField(subfield=fields.StringField())

    def check(self, graph, verbose):
        folders = [folder for container in self.containers for folder in folders_of(graph, container)]
        imports = sorted(found for folder in folders for found in imports_from_outside(graph, folder))
        return ContractCheck(kept=not imports, metadata={"imports": imports})

    def render_broken_contract(self, check):
        for importer, imported in check.metadata["imports"]:
            output.print_error(
                f"{importer} imports {imported}: find it through the registry, or share a module beside it"
            )


def folders_of(graph, container):
    """The packages directly in `container`; its plain modules are what the folders share."""
    return [child for child in graph.find_children(container) if graph.find_children(child)]


def imports_from_outside(graph, folder):
    """(importer, imported) for each import of something in `folder` by a module that is not in it."""
    inside = {folder, *graph.find_descendants(folder)}
    return {(importer, module) for module in inside for importer in graph.find_modules_that_directly_import(module)} - {
        (importer, module) for importer in inside for module in inside
    }
