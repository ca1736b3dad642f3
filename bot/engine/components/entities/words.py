"""Small words that tell how a number, a name or a place is meant, in Bokmål, Nynorsk, dialect and chat."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YEARS = _words("aar ar år åring åringen års")
MONTHS = _words("mnd mån månad månader måna måneda måned månedar måneder måneders")
OLD = _words("gamal gamalt gamle gamlæ gammal gammalt gammel gammelt gml")
# After these a number of years is a time ("i fem år", "de siste 2 årene"), no age.
TIME_BEFORE = _words("""
    de dei enn etter for første gjennom hver hvert i igjennom ila innen kvart mer minst neste om over sist
    siste
""")
TIME_AFTER = _words("""
    att etter framover før igjen med mellom nå på saman sammen sen sia sidan siden sidn som til tilbake uten
""")
LINKING = _words("""
    akkurat alder alderen bare berre ble blei bli blir ca cirka e ei ein en er fyll fylla fyller fylt fylte
    godt hele kun nesten nettopp no nå omtrent over på rundt snart straks under va var vart æ
""")
# Before these a number counts something else than years.
UNIT_AFTER = _words("""
    a andre av b barn born brødre c dag dagar dagene dager døgn eller g gang ganger gong gonger i
    innleggelser kg kilo km kr kroner liter meter mg mil min minutter mnd månader måned måneder nettar
    netter personer piller poeng prosent rom som stk stykk stykker søsken søstre tabletter til timar time
    timer ting tusen uke ukene uker ungar unger vakter veke veker øl
""")
WRITER = _words("eg ej i je jeg jei jæ meg mæ æ æg")
OTHERS = _words("de dem den det hain hainn ham han henne hin ho honom hu hun n")
PERSONS = (WRITER | OTHERS) - {"i", "det", "den", "de", "dei"}
SELF_WORDS = _words("dame elev gut gutt jente kvinne mann student ung")
AGE_SUFFIX = _words("aring årig årige åring åringa åringen åringer års")
CALLED = _words("""
    hedder heider heit heite heiter heiti heitte het hete heter hette hetter kallast kalles
""")
GREETING = _words("hels helsing hilsen hilser hilsning hlsn klem mvh vh")
# What is called something and is no person.
THINGS = _words("det hva ka kva noe no noko nåkka ordninga ordningen væ")
NAME_IS = _words("namn namnet navn navne navnet")
# What stands where a name may stand, and is none.
NOT_NAMES = _words("""
    a altinn alzheimer alzheimers asperger aspergers at av bare berre beste bup crohns de deg den depresjon
    der dere det dette down downs dps du eg egentlig ei ein eit eller en engelsk english er et facebook far
    fastlegen for norsk norwegian
    fra frå gmail google gud hallo han hannes hans har hei helsenorge her hilsen hjemme ho hos hotmail hu
    hun huntington huntingtons hva hvem hvor i ikke ikkje ingenting is itj ja jeg jesus ka kan kanskje kem
    kommune kor kreftforeningen kva legen lewy mamma med meg men mi min mine mitt mor mvh my må nav nei no
    noe noko nå når og også om pappa parkinson parkinsons psykose på rart rett samme sammen seg si sin skal
    snap som så takk the til tourettes venleg vennlig vi vil vipps visst æ
""")
PLACE_BEFORE = _words("""
    bydel fra frå i ifra ifrå innafor kommune mot nord nær omkring område pa på rundt sør te til utafor
    utanfor utenfor ved
""")
LIVING = _words("""
    bo bodd bodde bor bu budd budde buor bur bydd flytta flytte flyttet heime hjemme kjem kommer kommune
    opprinnelig tilbod tilbud
""")
MUNICIPALITY = _words("bydel herad kommun kommuna kommune kommunen kommunes komune")
POSSESSIVES = _words(
    "mett mi min mine minj minn mitt mæn vores vår våra våran våras våre våres vårres vårs vårt"
)
HAVING = _words("adoptert adopterte av fekk fikk for fått ha hadde har hatt med te til venter åt")
ARTICLES = _words("den det e ei ein eit en et ett i to tre æin")
BEING = _words("ble blitt e er som va var æ")
OF = _words("av for te tel til åt")
# Whose kin it is, when it is not the writer's; those of REFLEXIVES also link a genitive ("kona sin lege").
REFLEXIVES = _words("si sin sine sitt")
HIS = _words("hannes hans hanses")
HERS = _words("hennar hennas hennes hinnes")
THEIRS = (REFLEXIVES - {"si"}) | HIS | HERS | _words("deira deires deras deres dems dæmmes dæms")
# People at large: "andre foreldre", "en annen mor", "unge mødre".
AT_LARGE = _words(
    "alle andre anna annan annen annet flere fleire hver kvar mange nokon noen slike sånne unge"
)
# The writer's own part: "alene mor", "jeg er bare en datter", "vi to søstrene", "å være søster".
ALONE = _words("alene aleina aleine einsleg eneste enslig nybakt ung åleina åleine")
WE = _words("me mi oss vi")
PART_FILLERS = _words("""
    alle bare berre den dårlig dårleg ei ein en eneste fem fire fleire flere fosterhjem god gode jo og også
    so to tre vaksne voksen voksne òg
""")
INFINITIVES = _words("bli vera vere vær være")
NEGATIONS = _words("aldri ikke ikkje inte itj itte")
# Before these "mannen" or "gutten" is not at once the writer's: "den hyggelige mannen".
POINTED_AT = _words("den denne fremmede gamle nye snille")
# Little words that are never what a genitive belongs to.
SMALL = _words("""
    av at da der eller er for fordi før har i ikke ikkje med men mens når nå no og om på seg som så til ut å
""")
DRINKS = _words("drakk drekk drekke drekker drikk drikke drikker drukke drukket")
# With these one drinks for the thirst: "spise og drikke", "drikker vann".
MEALS = _words("brus eta ete kaffe mat melk mjølk næring saft spise spiser suppe te vann vatn væske åt")
