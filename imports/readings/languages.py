"""Which language a text is in, by the small words that every sentence needs."""

import re
from collections import Counter

SMALL = {
    "en": "the of and to in is that for with are as this on be by it or from at which have not an their was",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce avec son sont aux",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le este",
    "it": "di e il la che in un a per è del una con non sono da della le si dei nel alla al gli delle come",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als door bij naar uit worden",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas ao das são",
    "pl": "i w na z do się nie to że jest o jak po co przez od za dla są oraz lub które przy który także",
    "sv": "och i att det som en på är av för med till den har de inte om ett men var sig så från vi kan",
    "da": "og i at det er en til på som de med for af den ikke der et har om vi kan fra ved eller også af blev efter mellem mødet uden sig hvad hvor være bliver nogle både kun skal viden mod nye dag under hos unge fordi samarbejdet",
    "fi": "ja on ei että se oli joka mutta kun ovat myös sekä tai hän niin kuin jos ole voi joita jotka mukaan",
    "cs": "a v se na je že s z do o i to k ve pro za by ale si po jako jsou od nebo které při také",
    "sk": "a v sa na je že s z do o aj to k vo pre za by ale si po ako sú od alebo ktoré pri tiež",
    "hu": "a az és hogy nem is egy meg de ez csak volt már mint vagy van el amely azt még által valamint között",
    "ro": "de și în la a cu nu pe din să este care o un mai ce pentru sunt prin sau ca fi au al ale",
    "bg": "на и да в се за от с е не по са че при като до или това със която които може който ще",
    "hr": "i u je na se da za su s od o kao koji ne ili iz što bi ali do te koje koja po pri biti",
    "sl": "in v je na se da za so z s od o ki ne ali iz kot pa bi tudi pri po do ter lahko biti",
    "el": "και το να του η της με που την από για στο τα των τον ο οι σε δεν είναι στη ότι ως στην",
    "et": "ja on ei et see oli mis ka kui ning oma või siis aga nende tema mille kas olla välja mida",
    "lv": "un ir no ar uz ka par kas tas lai ne kā vai pie bet to arī tika gan tiek šo pēc var",
    "lt": "ir yra į iš su kad ne tai kaip bet o ar už dėl apie tik jų buvo per taip pat arba kurie",
    "mt": "il u ta li fil f għal ma minn fuq din dan huwa tal l biex dwar jew kif għandu bejn lil",
    "ga": "an na agus ar le a i do go is de atá faoi ag sé bhí ní mar sin chun nó ina seo bheith",
    "no": "og i det er på som en til for av at med de ikke den har et om fra ved eller også ble kan"
    " etter mellom møtet uten hva være blir noen rammene kunnskap nye hos kommunene",
}
SMALL = {language: frozenset(words.split()) for language, words in SMALL.items()}
# Of these words more languages than one would claim the text: the rarer tell them apart.
_CLAIMS = Counter(word for words in SMALL.values() for word in words)


def language(text):
    """The ISO 639-1 code of the text's language; '' where there is too little to tell."""
    words = re.findall(r"[^\W\d_]+", text[:60_000].casefold())
    if len(words) < 12:
        return ""
    counts = Counter(words)
    scores = {
        code: sum(counts[word] / _CLAIMS[word] ** 0.5 for word in small) / len(words)
        for code, small in SMALL.items()
    }
    ranked = sorted(scores, key=scores.get, reverse=True)
    best, second = ranked[:2]
    return best if scores[best] > 0.06 and scores[best] > 1.05 * scores[second] else ""
