"""Content in two languages: German always, English where somebody wrote it."""

from django.db.models import Model
from django.utils.translation import get_language

from zusammenplan.core.german import either


class Bilingual:
    """Give the English text in English pages where there is one, else the German."""

    def __set_name__(self, owner: type[Model], name: str) -> None:
        self.name = name

    def __get__(self, obj: Model, owner: type[Model]) -> str:
        german: str = getattr(obj, f"{self.name}_de")
        english: str = getattr(obj, f"{self.name}_en")
        return either(german, english, get_language() or "de")
