"""What must hold between the parts of the master data, and between it and the playbook."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from domain.playbook.book import Playbook
from domain.playbook.checks import check_references, check_words
from domain.playbook.draft import Draft
from domain.playbook.master import Product, RouteStep
from domain.playbook.problems import Loc


def check_master(draft: Draft, *, playbook: Playbook | None) -> None:
    """Note everything that does not fit together."""
    check_references(draft, known=_known(playbook))
    check_words(draft, _part_words(draft))
    for loc, product in draft.of("products"):
        check_steps(draft, (*loc, "route", "steps"), product.route.steps)
        _bom_fits_route(draft, loc, product)
    _lots_are_of_tracked_materials(draft)
    if playbook:
        _prefixes(draft, playbook)
        kinds = {machine.kind for machine in playbook.equipment}
        for loc, product in draft.of("products"):
            check_machines(draft, (*loc, "route", "steps"), product.route.steps, kinds=kinds)


def _known(playbook: Playbook | None) -> dict[str, list[str]]:
    if playbook is None:
        return {}
    return {
        "departments": [department.code for department in playbook.departments],
        "operations": [operation.code for operation in playbook.operations],
        "lines": [line.code for line in playbook.lines],
    }


def _part_words(draft: Draft) -> list[tuple[Loc, str, str]]:
    words: list[tuple[Loc, str, str]] = []
    for loc, part in [*draft.of("materials"), *draft.of("products")]:
        words.append(((*loc, "code"), part.code, f"{loc[0]} {part.code}"))
        words += [
            ((*loc, "aliases", at), alias, f"{loc[0]} {part.code}") for at, alias in enumerate(part.aliases)
        ]
    return words


def check_steps(draft: Draft, at: Loc, steps: Sequence[RouteStep]) -> None:
    """Note steps that do not climb, are merged into nothing, or of a parallel group that is torn apart."""
    for place, (before, step) in enumerate(pairwise(steps), start=1):
        if step.sequence <= before.sequence:
            draft.blame((*at, place, "sequence"), "sequence", given=step.sequence, before=before.sequence)
    reported = {step.operation for step in steps if step.merged_into is None}
    groups = [step.parallel for step in steps]
    for place, step in enumerate(steps):
        if step.merged_into is not None and step.merged_into not in reported - {step.operation}:
            draft.blame((*at, place, "merged_into"), "merged_nowhere", given=step.merged_into)
        begun = step.parallel is not None and step.parallel in groups[:place]
        if begun and groups[place - 1] != step.parallel:
            draft.blame((*at, place, "parallel"), "parallel_apart", given=step.parallel)


def check_machines(draft: Draft, at: Loc, steps: Sequence[RouteStep], *, kinds: Collection[str]) -> None:
    """Note classes of machines of which the plant has none."""
    for place, step in enumerate(steps):
        if step.equipment is not None and step.equipment not in kinds:
            draft.blame((*at, place, "equipment"), "no_machine", given=step.equipment)


def _bom_fits_route(draft: Draft, loc: Loc, product: Product) -> None:
    routed = {step.operation for step in product.route.steps}
    for place, line in enumerate(product.bom.lines):
        at = (*loc, "bom", "lines", place)
        if line.operation not in routed:
            draft.blame(
                (*at, "operation"), "operation_not_routed", product=product.name, operation=line.operation
            )
        if line.material == product.code:
            draft.blame((*at, "material"), "own_part", given=product.code)


def _lots_are_of_tracked_materials(draft: Draft) -> None:
    untracked = {material.code for _, material in draft.of("materials") if material.tracking == "none"}
    for loc, lot in draft.of("lots"):
        if lot.material in untracked:
            draft.blame((*loc, "material"), "no_lot", given=lot.material)


def _prefixes(draft: Draft, playbook: Playbook) -> None:
    for section, prefix in (("orders", playbook.codes.order), ("lots", playbook.codes.lot)):
        for loc, item in draft.of(section):
            if not item.code.startswith(prefix):
                draft.blame((*loc, "code"), "prefix", given=item.code, prefix=prefix)
