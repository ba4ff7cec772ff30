"""Names that many people in Sweden and Norway have, and the words that look like names and are none."""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
    pär bosse ylva tekla eskil
    aase abdi abdullah adam addis adele adnan adrian agda agnar agnes agneta ahmed aina aisha aksel albert albin
    alex alexander alexandra alf alfred ali alice alicia allan alma alva alvar alvin amalia amalie amanda amina amir
    amira amund anbjørg anders andor andrea andreas andré ane anette angelica anine anita anja anlaug ann anna anne
    anneli annelie annette annie annika anniken anton arash arild arne arnfinn arnhild arnt aron arve arvid asbjørn
    asgeir asha aslan aslaug asle asta aster astrid atle aud audun august aurora axel barbro beata beatrice ben
    bendik benedicte bengt benjamin bente bergljot berit bernt bertil birger birgit birgitta birgitte birte birthe
    bitte bjarne bjarte björn bjørg bjørn bjørnar bo bodil boel borghild boris brage brit britt britta bror bruno
    brynjulf bård börje børge cajsa camilla carin carina carl carola carolina caroline casper cassandra catharina
    cathrin cathrine cecilia celine charlie charlott charlotta charlotte christer christian christin christina
    christine christoffer christopher claes clara clas claudia conny cornelia dag dagfinn dagmar dagny dagrun dan
    daniel daniela danielle darko david dejan denis dennis diana dilan disa douglas ebba ebbe eddie edit edith edle
    edvard edvin edward egil egon eigil eila eileen einar eira eirik eirin eivind eivor eldbjørg eldrid elena
    eleonor eleonora eli elias elin elina eline elisabet elisabeth elise ella ellen ellinor elliot ellisiv elmer
    elna elof elon elsa else elsie elvin elvira elwin embla emelie emil emilia emily emma emmy enar endre engla enya
    eric erica erik erika erlend erling erna ernst espen ester esther eva evelina evelyn even evert ewa eystein
    fabian fadi fanny fatima fatma felicia felix filip filippa finn folke frank fredrik fredrika fredrikke freja
    frida fritiof frode frøya frøydis gabriel gabriella gaute geir georg george gerd gerda gertrud gina gisle gittan
    gjermund glenn goran gordana greger greta grete grethe gro gry gudrun gun gunborg gunhild gunilla gunn gunnar
    gunnel gunnhild gunvor guri guro gustaf gustav guttorm gyda göran gösta göte haakon haldis hallgeir hallvard halvard
    halvor hampus hanna hannah hanne hans harald harriet harry hassan hasse hedda hedvig hege heidi helen helena
    helene helga helge helle helmi henning henny henriette henrik henry herbjørg herborg herman hilda hilde
    hildegunn hillevi hilma hjalmar holger hugo hussein håkan håkon håvard ibrahim ida idar idun ilse immanuel ine
    inga ingalill inge ingebjørg ingeborg ingegerd ingegärd ingela inger ingmar ingrid ingunn ingvar ingvild irene
    iris irma irmelin isa isabel isabella isabelle isak iselin ismail ivan ivar iver jack jacob jakob jamal james
    jan jana jane janicke janne jarl jarle jasmin jasmine jeanette jelena jennie jennifer jenny jens jerker jerry
    jesper jessica jimmy jo joachim joakim joanna joel joen johan johanna johannes john johnny jon jonas jonatan
    jonathan jonna jonny jorid jorunn josef josefin josefina josefine joseph josephine jostein jovan julia julian
    juliana julie jussi justin jörgen jøran jørgen jørn kaj kaja kajsa kalle kamilla kari karianne karim karin karl
    karolin karolina karoline karsten kaspar katarina katharina kathrin katja katrin katrine kenneth kenny kent
    kerstin ketil kevin khadija khalid kickan kim kine kirsten kirsti kitty kjartan kjell kjersti kjetil klara klas
    klaus knut kolbjørn konrad konstanse krister kristian kristin kristina kristine kristoffer kurt kåre laila lars
    lasse laura laurits lea leidulf leif leila lena lennart leo leon leona leonora liam lilian lill lillemor lilli
    lilly lina linda line linea linn linnea linnéa linus lisa lisbet lisbeth lise lisen liss liv liza lo loke lone
    lotta lotten lottie louis louise lova love lovisa lucas ludvig luis lukas lydia magne magnhild magnus maj maja
    majken malin malte malva manfred manne marcel marcus maren margareta margaretha margit margot mari maria mariam
    mariana mariann marianne marie marika marina mario marit marita mark markus marlene marte martha marthe martin
    martine mathea mathias mathilde matilda mats matteo matthias mattias maud max maximilian may mehmet meliha
    melina melissa melker melvin merete merima meta mette mia micael micaela michael michaela mikael mikaela mikal
    mikkel milan milena milla milo milton mimmi mina mira miranda miriam mirjam moa mohamed mohammad mohammed molly
    mona monica monika morten mustafa my märit märta måns nadia nadja naima nancy naomi natalia natalie natasha
    nathalie nathan nelly neo nicklas niclas nicolas nicole nike niklas nikola nikolai nikolaj nils nina noa noah
    noel nora norunn nour nova novalie oda odd oddbjørn oddny oddvar oddveig ola olaf olaug olav ole olga oline
    oliver olivia olle olof omar oscar oskar othilie otto ove owe pamela patricia patrik paul paula paulina pauline
    peder pelle per perla pernilla peter petra petronella petter philip pia pierre pontus povel preben pål rachel
    ragna ragnar ragnhild ragnvald rakel ralf ramona randi rasmus rebecca rebecka regina reidar reidulf reidun
    renate reza ricardo richard rickard rikard rikke rita roar robert robin roger roine roland rolf rolv ronja ronny
    rosa rosmarie roy rozita ruben runa rune rut ruth rutt rønnaug rüdiger saga said saida salim salma samir samira
    samuel sander sandra sanna sara sarah sebastian selim selma seth sigbritt sigmund signe signy sigrid sigurd
    sigvard sigve silje simen simon sindre siri sissel siv sivert siw sixten sjur snorre sofia sofie solfrid solveig
    solvor sondre sonja sophia sophie staffan stefan stefania steffen stein steinar stella stellan sten stian stig
    stina stine sture sturla sune sunniva susann susanna susanne svante svein sven sverre svetlana sylvia synne
    synnöve synnøve sören tage tale tanja tatjana ted tellef teodor teresa terese terje tess thea theo theodor
    theres therese thomas thor thorbjørn thore thorleif tilda tilde tim timmy timo tina tiril tobias tollef tom
    tomas tomine tommy tone tonje tonny tony tor toralf torbjörn torbjørn tord tore torgeir torgny torhild toril
    torill torkel torleif tormod torstein torsten torun torunn tova tove trine trond trude truls trygve ture turid
    tuula tuva tyra uffe ulf ulla ulrica ulrik ulrika ulrikke une unni urban ursula valborg valter vanja vebjørn
    vega vegard vemund vendela vera verner veronica veronika vibeke victor victoria vidar vigdis viggo viktor
    viktoria vilde vilgot vilhelm vilja ville vilma vincent viola vivianne wenche wera wilhelm wille william willy
    wilma yasmin ylva ylwa yngvar yngve yngvild yohannes yosef yusuf yvonne zahra zara zeinab zlatan zoran åge ågot
    åke åsa åse åshild åslaug örjan östen øistein ørjan øystein øyvind
    """.split()  # noqa: SIM905 - a list of some 900 names is read as text
)
"""The most common first names of both countries, and some that are common among those who have come here."""

NOT_ALONE = frozenset(
    """
    alf alfa alva ane ann april aron art arve ask asta aster aud august aurora axel ben bitte björn bjørn bo brit
    bror dag dan edit edle else endre engla even finn frank fred gerd gro gry gun hans helge helle ine inge iris jan
    jarl jo jon juni karl kine klara knut lill lin lina line linn linnea liv live liza lo loke lone lotten lova love
    magne mai maj mari marin marina mark mats max may meta milan milo mina my neo nike nour nova odd ola ole ove per
    pia pål rita roar robin rosa rose runa rune rut saga said sander sanna signe signy siri siv siw star stein
    stella sten stig stina storm sture tage tale tess tilde tim tina tom tone tor tord tore trine ulla une urban
    vega vidar vilde vilja ville
    """.split()  # noqa: SIM905
)
"""First names that are words, months, programmes or parts of speech as well: taken for names only where they stand
with a capital inside a sentence, or before a surname."""

SURNAMES = frozenset(
    """
    aas aasen abdi abrahamsen ahlgren ahmadi ahmed ali amundsen andersen andersson andreassen antonsen arnesen aune
    axelsson bakken bengtsson berge bergman bergqvist bergström berntsen birkeland bjerke björklund blomqvist
    boström breivik brekke carlsson christensen christiansen claesson dahlberg dahlgren dahlström danielsen
    danielsson edlund edvardsen eide eklund ekström eliassen eliasson ellingsen engen engström eriksen eriksson
    evensen fossum fransson fredriksen fredriksson gjerde gulbrandsen gundersen gunnarsson gustafsson gustavsson
    halvorsen hansen hanssen hansson hassan haugland hedlund helland hellström henriksen henriksson hermansen
    hermansson holmberg holmgren holmqvist håkansson isaksen isaksson ivarsson iversen jacobsen jakobsen jakobsson
    jansson jensen jenssen johannessen johansen johansson johnsen johnsson jonasson jonsson jönsson jørgensen
    karlsen karlsson knudsen knutsen kristensen kristiansen kristoffersen larsen larsson lien lindberg lindblom
    lindgren lindholm lindqvist lindström lorentzen lund lundberg lunde lundgren lundin lundqvist lundström lysø
    löfgren madsen magnusson martinsen martinsson mathisen mattsson mikkelsen moen mohamed monsen myhre myklebust
    månsson mårtensson nguyen nielsen nilsen nilsson norberg nordin nordström nyberg nygård nyman nyström olofsson
    olsen olsson palm paulsen pedersen persson petersson pettersen pettersson pålsson rasmussen ruud rønning
    samuelsen samuelsson sandberg sandström simonsen sivertsen sjöberg sjögren solberg solheim stensrud strand
    strömberg strøm sundberg sunde sundström svendsen svensson sæther sætre söderberg söderström sørensen tangen
    thomassen thorsen torgersen tveit ulvestad vik viklund wallin wiklund wikström wold åberg åkesson åström öberg
    öhman ødegård
    """.split()  # noqa: SIM905
)
"""Common surnames that no ordinary word is written like, besides places, which are known as places."""

WORDS = frozenset(
    """
    alm ask bakke bakken berg björk blom bo by bygg bäck dahl dal dale ek eng engen falk flod fors foss fri frost
    fält glad gran gren hagen hall hammar haug haugen hav hed hjort holm holt kollega kraft krog kung kvist lang lie
    lien lind lund lunda lärare lång lærer löv mark me mo modig moe moen myr nes nord ny nås palm rask rik ros rosen
    ruud rönn sand sjö skog sol solberg stark stein sten stolt strand ström strøm stål sund sunde svart svärd söder
    tangen tun ung vang vik vinter vold väst vår å ås ö ör ødegård øy
    """.split()  # noqa: SIM905
)
"""Surnames on a roster that are words too: in small letters they mean the word."""

TITLES = frozenset(
    """
    barnet brodern brukaren dottern eleven flickan frun grannen hustrun killen klienten kompisen kvinnan mamma mannen
    pappa patienten pojken sonen systern tjejen vännen bruker brukeren datteren gutten jenta klienten kvinnen mor naboen
    pasienten søsteren sønnen vennen
    assisterende avdelingsleder avdelingslederen avdelningschef biträdande bonden borgmästare byrådsleder chef
    chefen colleague controller controllern councillor director direktör direktören direktør direktøren
    distriktschef doctor doktor dr ekonomichef ekonomichefen enhetschef enhetschefen enhetsleder enhetslederen fru
    fylkesdirektør fylkesordfører förvaltningschef förvaltningschefen generaldirektör gruppeleder gruppelederen
    gruppledare gruppledaren handläggare handläggaren head headmaster herr kanslichef kollega kollegaen kollegan
    kommunalråd kommunalrådet kommunalsjef kommunalsjefen kommunchef kommunchefen kommundirektör kommundirektören
    kommunedirektør kommunedirektøren kommuneoverlege kommuneoverlegen kommunikatör kommunikatören konsult konsulten
    kurator kuratorn ledamot ledamoten leder lederen leiar leiaren lärare läraren lærar læraren lærer læreren
    manager mayor medborgaren miss moderator mr mrs ms ordförande ordföranden ordførar ordføraren ordfører
    ordføreren planerare principal processledare processledaren professor projektledare projektledaren prosjektleder
    prosjektlederen prosjektleiar regiondirektör regionråd rektor rektoren rektorn rådgiver rådgiveren rådgjevar
    rådgjevaren rådmann rådmannen saksbehandlar saksbehandlaren saksbehandler saksbehandleren sekreterare
    sekreteraren sekretær sekretæren sjef sjefen sjuksköterska sjuksköterskan skolchef skolesjef socialchef
    socialchefen socialsekreterare socialsekreteraren sosialsjef statistiker statistikern strateg strategen utredare
    utredaren varaordfører varaordføreren verksamhetschef verksamhetschefen verksamhetsutvecklare viceordförande
    økonomisjef økonomisjefen
    """.split()  # noqa: SIM905
)
"""Roles, titles and kin that a name follows: "rektor Svensson", "eleven Tindra"."""

PARTICLES = frozenset(("af", "av", "al", "bin", "da", "de", "del", "den", "der", "di", "el", "la", "le", "van", "von"))
"""What may stand between a first name and a surname."""

NO_NAMES = frozenset(
    """
    deltagare deltaker deltakar participant okänd ukjent ukjend vakant reserv ersättare vara gäst gjest guest politiker
    tjänsteperson tjänsteman representant namn navn nn person plats plass någon noen nokon colleague
    government act team teams lead leads city council board local national public united kingdom states america usa
    storbritannien storbritannia tyskland frankrike finska finländska internationella nationella digitala
    agenda agil akademiet akademin april august augusti barnkonventionen bi bilaga bufdir cemr center centrum chrome
    corona covid danmark dansk december denmark desember digdir digibarometer direktiv english eu europa europe
    excel facebook fas fase februar februari february finland fn forms forskrift fredag friday fylke fylkeskommune
    förordning gamla gamle google götaland hbtq hypergene högskola högskolan høgskolen imdi indre inre instagram
    institut institutt internet intranät island januar januari january jul jula juli july june juni kapitel kapittel
    kolada kommun kommune kommunen kommunene ks lag lagen landsting lantmäteriet lartraff laurdag lean lens lika
    lilla lille linkedin lov loven län lärträff lärträffar lärträffen lördag lørdag mai maj mandag march mars
    masterclass may medborgardialog meet mellersta mentimeter microsoft midsommar miro modellkonceptet monday mål
    målet måndag nato nav nedre nord norden nordisk nordiska nordiske nordra nordre noreg norge norr norra norrland
    norsk norska norske norway norwegian november nya nye october oecd office oktober onenote onsdag outlook padlet
    paragraf pdsa plan planen planner point power powerpoint program programmet project projekt prosjekt påsk påske
    påsken region regionen samisk samiska sankt sankta saturday scb scrum senter senteret sentrum september service
    sharepoint sida sis skandinavien skatteverket skl skola skolan skolen skr skype slack ssb stad staden steg stora
    store stratsys sunday svealand svensk svenska svenske sverige sweden swedish swot söder södra söndag søndag
    søndre sør teams telemarksforsking telemarksforskning thursday tirsdag tisdag torsdag trinn tuesday tysdag udir
    un universitet universitetet vedlegg vest vinnova vision väst västra wednesday who word youtube ytre zoom öst
    östra övre øst østra østre øvre
    """.split()  # noqa: SIM905
)
"""Days, months, languages, parts of place names and products: with a capital, and nobody's name."""

ENDINGS_OF_BODIES = (
    "verket", "styrelsen", "myndigheten", "nämnden", "förbundet", "rådet", "kommun", "kommunen", "regionen",
    "kontoret", "förvaltningen", "partiet", "skolan", "universitetet", "institutet", "direktoratet",
    "departementet", "tilsynet", "kommune", "fylke", "foreningen", "föreningen", "byrån", "inspektionen",
    "sjukhuset", "stiftelsen", "fonden", "etaten", "utvalget", "utskottet", "gruppen", "gruppa", "bolaget",
    "kassan", "etablissementet", "centrum", "stämman", "delegationen", "kommissionen", "förmedlingen", "tjänsten",
    "tjenesten", "tenesta", "forbundet", "styret", "utvalet", "nemnda", "huset", "biblioteket", "kulturen",
    "parken", "torget", "gatan", "vägen", "veien", "vegen", "lagen", "loven", "lova", "dagen", "veckan", "uka",
    "planen", "metoden", "modellen", "programmet", "prosjektet", "projektet", "konferensen", "konferansen", "forum",
    "dagarna", "forskning", "forsking", "mässan", "rapporten",
)  # fmt: skip
"""How words end that name a body, a place, a law or a meeting, never a person."""

DEPARTMENTS = frozenset(
    """
    barnehagen barnevernet biblioteket bygglov ekonomi ekonomiavdelningen ekonomin fastighet fritids förskolan
    heimetenesta hemtjänsten hjemmetjenesten hr it juridik kansliet kommunikasjon kommunikation
    kommunikationsavdelningen kontoret lønn miljö miljökontoret nav omsorgen personal personalavdelningen plan
    receptionen rådhuset servicetorget skolan skolen socialen socialtjänsten stadsbyggnad teknisk upphandling växeln
    äldreomsorgen økonomi økonomiavdelingen
    """.split()  # noqa: SIM905
)
"""Where colleagues are said to sit: "Xiomara på ekonomi"."""
