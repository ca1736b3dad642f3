"""What is taken for a name and is everybody's, or no name, is not masked; people's names are."""

import pytest

from bot.safety import is_private_name


def found(text: str) -> bool:
    """Say what becomes of the part of a text between brackets."""
    start, end = text.index("["), text.index("]") - 1
    return is_private_name(text.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    "text",
    [
        "Hei, [Kari] her",
        "mannen min [Odd] har fått Parkinson",
        "datteren vår [Emilie Sørlie] på 16",
        "broren min [even] hører stemmer",
        "psykologen [Anne Lund] sa det",
        "jeg heter [Mai]",
        "eg heiter [Sol]",
        "[Stein] er 54 og har demens",
        "[Bjørn] drikker hver dag",
        "vi skal hjem til [Kari]",
        "Ragnhild [Haugen] er verge",
        "han het [Jonas Paulsen]",
        "hilsen [trude]",
        "[Olivia] på 9",
        "hun heter [Bella]",
        "hilsen [Ingvill]",
        "sønnen min [August] er syk",
    ],
)
def test_people_have_names(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "mor bruker [Metoprolol] 50",
        "han tok [Fantasin] 20 mg i går",
        "klage til [Statsforvalteren]",
        "er [Kognitiv] terapi best",
        "hun snakker [Polsk]",
        "har [Villa Enerhaugen] plass",
        "på [Nic Waal]s institutt",
        "Er [Stine Sofies Stiftelse] for oss",
        "[Martina Hansens] Hospital opererte hofta",
        "innlagt på [Kalvskinnet] siden mandag",
        "St. [Olav] ringte",
        "kong [Olav] døde",
        "[Ola Nordmann] får aldri hjelp",
        "han tror han er [Napoleon]",
        "[Marte Meo], har noen prøvd det",
        "[Jonas]-prosjektet i Frelsesarmeen",
        "katten heter [Pusur]",
        "i [Mai] begynte han å drikke",
        "[August] 2023 var verst",
        "[Liv] og død er alt vi snakker om",
        "[Stein] på stein",
        "et nytt [Liv]",
        "eg vil [stella] han heime",
        "hilsen [jente] 14",
        "Mvh [Frustrert] sønn",
        "stedet heter [Furuly]",
        "kurset som heter [Sammen Om]",
        "plan [B]",
        "jeg er fra [Eritrea]",
    ],
)
def test_what_is_no_private_persons_name(text: str) -> None:
    assert not found(text)


def test_what_holds_no_word_is_no_name() -> None:
    assert not is_private_name("12 34", 0, 2)
