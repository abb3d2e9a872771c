"""
The parts that German compounds of social planning are made of, so that they can be taken apart.

One word in its shortest form a place; how it is inflected or joined (-s-, -n-, -en-) is the rule's
business in :mod:`zusammenplan.core.search`. A word belongs here when plans build compounds of it.
"""

WRITTEN = """
agentur alltag alter altern amt analyse anbieter angebot anlauf antrag arbeit armut arzt aufgabe
ausbau ausbildung ausschuss austausch auto bahn barriere bau bedarf befragung begegnung
begleitung behinderung beirat beratung bericht beruf betreuung betrieb bewegung bewohner
bibliothek bildung bus bürger büro café chance daten demenz demokratie dialog dienst digital
dorf ehrenamt eingliederung einkommen einrichtung eltern engagement entlastung entwicklung
erziehung essen fach fahrt familie feld fest finanzierung flucht forum frau freizeit früh
förderung fürsorge garten gebiet gemeinde gemeinschaft generation gesellschaft gesundheit gewalt
gremium gruppe handlung haus haushalt heim hilfe hort information initiative inklusion insel
integration jahr job jugend kind kinder kita klinik kommune konferenz konzept kosten kranke
krankenhaus kreis krise kultur kunde kurs kümmerer laden lage land landkreis leben lehrer
leistung leitbild lern lesen liste lotse mann markt maßnahme medien mehr meilenstein mensch
miete migration mittag mobilität musik mutter nachbar nachbarschaft nachhilfe nacht natur netz
netzwerk not ort park partner pate patient pendler person pflege plan planung platz politik post
praxis preis programm projekt prävention rad rat raum regal region rente ressource retter schuld
schule schutz selbst selbsthilfe seminar senior service sicherheit siedlung sorge sozial spiel
sport sprache stadt stammtisch station statistik stelle steuerung stiftung straße streit stunde
stützpunkt sucht tafel tag tagung tausch team teilhabe teilnahme telefon tisch transport treff
träger umbau umfeld umwelt unterkunft unterricht unterstützung vater verband verein verfahren
verkehr vermittlung vernetzung versorgung verwaltung vorsorge wandel ware weg werk werkstatt
wirtschaft woche wohl wohn wohnen wohnraum wohnung zahl zeit zentrum ziel zimmer zugang zukunft
zuschuss übergang
"""
PARTS = frozenset(WRITTEN.split())
