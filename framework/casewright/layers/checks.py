"""Whether a file's first line is in order: what it defines is new, what it extends is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casewright.layers.files import RuleFile
from casewright.values import Problem, Related, RuleName, did_you_mean, nearest

if TYPE_CHECKING:
    from casewright.layers.folding import Folded
    from casewright.layers.index import Layers, Skipped


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is there below the next file of one key: the inherited state, and the files of the key so far."""

    layers: Layers
    name: RuleName
    folded: Folded
    own: tuple[RuleFile, ...] = ()

    def after(self, file: RuleFile, folded: Folded) -> Known:
        """The same once `file` is folded."""
        return replace(self, folded=folded, own=(*self.own, file))

    def check(self, file: RuleFile) -> tuple[Problem, ...]:
        """What is wrong with folding `file` here."""
        if file.word in ("define", "variant") and (first := self._made()):
            return (_exists(file, first),)
        if file.name.for_class and file.name.for_class not in self.layers.classes:
            return (self._unknown_class(file),)
        if file.word == "variant":
            return tuple(self._variant(file))
        if file.word != "define" and not self._is_there(file):
            return (self._missing(file),)
        return tuple(self._hidden(file)) if file.word == "replace" else ()

    def _made(self) -> RuleFile | None:
        """The file of this very key that made the rule."""
        return next((file for file in self.own if file.word in ("define", "variant", "replace")), None)

    def _is_there(self, file: RuleFile) -> bool:
        """Whether a layer that the file's own is built on, or the same layer for a class above, makes the rule."""
        return any(
            below.word not in ("withdraw", "block") and _is_below(below, file)
            for below in (*self._inherited(file), *self.own)
        ) or (file.word == "withdraw" and bool(self.own or self.folded.files))

    def _inherited(self, file: RuleFile) -> tuple[RuleFile, ...]:
        if not file.name.variant:
            return self.folded.files
        return tuple(below for below in self.folded.files if below.name.variant == file.name.variant)

    def _variant(self, file: RuleFile) -> Iterator[Problem]:
        if not any(_is_below(below, file) for below in self.folded.files):
            yield self._missing(replace(file, name=file.name.base))
        other = file.says("based_on")
        known = self.layers.variants(file.name.base)
        if other and other not in known:
            near = did_you_mean(other, known)
            message = f"variant '{file.name.variant}' is based on '{other}', which {file.name.base} does not have{near}"
            yield Problem(file.head["based_on"].span, "E104", message, help=f"variants: {', '.join(known)}")
        line = self.layers.based_on(file.name)
        if other and file.name.variant in line:
            message = f"variants are based on each other: {' -> '.join((file.name.variant, *line))}"
            yield Problem(file.head["based_on"].span, "E410", message, help="take one `based_on` out")

    def _unknown_class(self, file: RuleFile) -> Problem:
        known = self.layers.classes.ids()
        message = f"there is no class '{file.name.for_class}'{did_you_mean(file.name.for_class, known)}"
        help_ = "`for:` names a case type, an interaction type or a data type"
        return Problem(file.head["for"].span, "E410", message, help=help_)

    def _missing(self, file: RuleFile) -> Problem:
        """E104: what the first line names is not there; says where it is, if a layer that is not below has it."""
        verb = {"withdraw": "withdraws", "block": "blocks", "variant": "varies"}.get(file.word, file.word + "s")
        start = f"[{file.layer.label}] {verb} {file.name}"
        if other := self._elsewhere(file):
            where = f"[{other.layer.label}] at {other.span}"
            help_ = f"add {other.layer.name} to `built_on` in layer.yaml" if other.layer is not file.layer else ""
            if file.layer.name in other.layer.below:
                help_ = f"move the file to a layer that is built on {other.layer.name}"
            message = f"{start}: no lower layer defines it, only {where}, which this layer is not built on"
            return Problem(file.span, "E104", message, (Related(other.span, "it is defined here"),), help_)
        if (drop := self._dropped(file)) is not None:
            message = f"{start}: [{drop.layer.label}] drops it with `variants: drop` at {drop.span}"
            help_ = f"write `variant: {file.name.kind}/{file.name.id}@{file.name.variant}` to make a new variant"
            return Problem(file.span, "E104", message, (Related(drop.span, "the variants are dropped here"),), help_)
        near, related = self._near(file)
        if (skipped := self._skipped(file)) is not None:
            message = f"{start}: its definition at {skipped.file.span} is left out ({skipped.reason})"
            return Problem(file.span, "E104", message, (Related(skipped.file.span, skipped.reason),))
        help_ = self._mend(file)
        return Problem(file.span, "E104", f"{start}: no lower layer defines it{near}", related, help_)

    def _mend(self, file: RuleFile) -> str:
        """What to write for a name that is not there: the nearest one that is, or the word that makes a new rule."""
        name, word = file.name, file.word
        start = "variant" if name.variant else "define"
        near = self._nearest(file)
        new = f"`{start}: {_key(name)}` to make a new {'variant' if name.variant else 'rule'}"
        if not near:
            return f"write {new}"
        mended = replace(name, variant=near) if name.variant else replace(name, id=near)
        return f"write `{word}: {_key(mended)}`" + ("" if word in ("variant", "withdraw", "block") else f"; or {new}")

    def _nearest(self, file: RuleFile) -> str:
        name = file.name
        if name.variant:
            return nearest(name.variant, [known for known in self.layers.variants(name.base) if known != name.variant])
        return nearest(name.id, self._made_of(name.kind))

    def _made_of(self, kind: str) -> dict[str, RuleFile]:
        return {one.name.id: one for one in self.layers.files if one.name.kind == kind and one.word == "define"}

    def _dropped(self, file: RuleFile) -> RuleFile | None:
        """The file that dropped the variant which a file of a layer above speaks of."""
        made = (one for one in self.layers.contributions(file.name.kind, file.name.id) if one.name == file.name)
        drops = (self.layers.drop_of(one, file.name) for one in made if _is_below(one, file))
        return next((drop for drop in drops if drop is not None), None)

    def _elsewhere(self, file: RuleFile) -> RuleFile | None:
        name = file.name
        return next(
            (
                other for other in self.layers.contributions(name.kind, name.id)
                if other.word in ("define", "variant", "replace") and other.span != file.span
                and other.name.variant == name.variant and other.name.for_class in ("", name.for_class)
                and not _is_below(other, file)
            ),
            None,
        )  # fmt: skip

    def _skipped(self, file: RuleFile) -> Skipped | None:
        return next(
            (one for one in self.layers.skipped if one.file.name == file.name and one.file.word == "define"), None
        )

    def _near(self, file: RuleFile) -> tuple[str, tuple[Related, ...]]:
        if file.name.variant:
            known = [name for name in self.layers.variants(file.name.base) if name != file.name.variant]
            return did_you_mean(file.name.variant, known), ()
        made = self._made_of(file.name.kind)
        near = did_you_mean(file.name.id, made)
        if not near:
            return "", ()
        other = made[near.split("'")[1]]
        return f"{near[:-1]} ({other.span})?", (Related(other.span, "defined here"),)

    def _hidden(self, file: RuleFile) -> Iterator[Problem]:
        """E320: a replaced base has variants in lower layers, and the file does not say what becomes of them."""
        if file.name.variant or file.says("variants"):
            return
        hidden = [
            other for other in self.layers.contributions(file.name.kind, file.name.id)
            if other.word == "variant" and other.layer.name in file.layer.below
            and other.name.for_class in ("", file.name.for_class)
        ]  # fmt: skip
        if hidden:
            listed = ", ".join(f"{other.name.variant} ({other.span})" for other in hidden)
            count = f"{len(hidden)} variant{'s' if len(hidden) > 1 else ''}"
            message = f"replace would hide {count}: {listed}; say variants: keep or drop"
            related = tuple(Related(other.span, f"variant {other.name.variant}") for other in hidden)
            yield Problem(
                file.span, "E320", message, related, "write `variants: keep` below the first line, or `variants: drop`"
            )


def doubled(file: RuleFile, first: RuleFile) -> Problem:
    """E102: two files of one layer for one rule."""
    done = {"define": "defined", "extend": "extended", "variant": "varied", "replace": "replaced"}
    how = done.get(first.word, {"withdraw": "withdrawn"}.get(first.word, "blocked"))
    message = f"{file.name} is already {how} at {first.span} in the same layer"
    return Problem(file.span, "E102", message, (Related(first.span, f"{how} here"),), "merge the two files")


def _exists(file: RuleFile, first: RuleFile) -> Problem:
    message = f"[{file.layer.label}] {file.word}s {file.name}, which [{first.layer.label}] defines at {first.span}"
    if file.word == "variant":
        message = f"[{file.layer.label}] adds {file.name}, which [{first.layer.label}] has at {first.span}"
    help_ = f"write `extend: {_key(file.name)}` to change it, or `replace: {_key(file.name)}` to begin anew"
    return Problem(file.span, "E103", message, (Related(first.span, "defined here"),), help_)


def _key(name: RuleName) -> str:
    return f"{name.kind}/{name.id}" + (f"@{name.variant}" if name.variant else "")


def _is_below(below: RuleFile, file: RuleFile) -> bool:
    return below.layer is file.layer or below.layer.name in file.layer.below
