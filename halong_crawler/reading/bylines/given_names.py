"""Given names that are common in print: they tell a person from a topic where nothing else does."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron abbie abby abdul abdullah abel abigail abraham ada adalbert adam addison addy adebayo
    adeel adelaide adele adelheid aditi aditya adnan adolf adrian adriana adrien agata agatha
    agathe agnes agnieszka agostino ahmad ahmed ahmet aidan aileen aimee ainhoa ainsley aisling
    akash akihiko akiko akira akshay alaa alain alan alana alba alban albert alberto albrecht
    alden alec alejandra alejandro aleksandar aleksander aleksandra aleksei alena alessandra
    alessandro alessia alessio alex alexa alexander alexandra alexandre alexei alexey alexia
    alexis alfie alfons alfonso alfred alfredo ali alice alicia alina aline alisha alison alissa
    aliya allan allen allison ally alma alok aloys alphonse alvaro alyson alyssa amal aman amanda
    amandine amar amari amber ambra amelia amelie ameya amina amir amit amos amparo amy ana anabel
    anahi anais anand ananya anastasia anatol anatole anders andre andrea andreas andrei andres
    andrew andrey andries andrzej andy anette angel angela angelica angelika angelina angelo angie
    angus anibal anika aniket anil anirudh anisha anita anja anjali anjana anke ankit ankita ankur
    ann anna annabel annabelle anne annegret anneke annelie annelies anneliese annemarie annette
    annie annika anouk ansel anselm ansgar anthony antje antoine antoinette anton antonella
    antonia antonina antonio anu anup anuradha anushka anya aoife arabella araceli archana archie
    ariadna ariana ariane arianna aric ariel arjen arjun arlene armand armando armel armin arnaud
    arnav arndt arne arno arnold arnulf aron arpit arsene arthur artur arturo arun arvind aryan
    asger asha ashley ashok ashwin asif asma asmaa asser assia astrid athena atul aubrey audrey
    auguste augustin augustine augusto aurelia aurelie aurelien ava avery avinash avis axel ayesha
    aylin ayse ayumi azadeh aziz bahar bailey balazs baptiste barbara barbel barney barrett barry
    bart bartosz basil bassam bastian batiste bea beata beate beatrice beatrijs beatrix beatriz
    beau becky belen belinda ben bence benedict benedikt bengt benito benjamin benno benny benoit
    bente bernadette bernard bernardo bernat bernd bernhard bernice bert bertha berthold bertram
    bertrand beth bethany betsy betty beverly bhavna bianca bilal biljana bill billy birger birgit
    birgitta birgitte birte bjarne bjoern bjorn blaine blair blaise blake blanca blandine bob
    bobby bogdan bojan bonnie boris brad bradley bram brandon brandt brandy branko brenda brendan
    brent bret brett brian briana brianna brianne brice bridget bridgette brigid brigitta brigitte
    britta brittany brittney brock brody bruce brunhilde bruno bryan bryce bryony burkhard busra
    byron caio caitlin caitlyn cal caleb calvin cameron camila camilla camille camillo candace
    candice cara carel carina carl carla carlo carlos carly carme carmel carmen carol carola
    carole carolin carolina caroline carolyn carrie carsten casey casimir caspar cassandra cassidy
    cassie catalin catalina catarina cathal catherine cathleen cathrin cathrine cathy catriona
    cayden cecile cecilia cecilie cedric celeste celia celina celine cem cesar chad chandler
    chandra chanel chantal chantelle charleen charlene charles charley charlie charlotte chelsea
    cheryl chester chiamaka chiara chidi chihiro chloe chris christa christel christelle christi
    christian christiane christina christine christof christoffer christoph christophe christopher
    christy chuck cian ciara cillian cindy ciro claire clara clare clarence clarissa clark claude
    claudia claudine claudio claus clayton clemens clement clementine cliff clifford clint clive
    clotaire clotilde clyde cody colette colin coline colleen collin colton concepcion connor
    conny conor conrad constance constantin constanze cora cordula corentin corey corina corinna
    corinne cormac cornelia cornelius cory cosima cosmin courtney craig cristian cristiano
    cristina cristobal curt curtis cynthia cyril dagmar dagny daisuke daisy dale dalia damian
    damien damir damon dan dana dani daniel daniela daniele daniella danielle danijela danilo
    danish danny daphne dara daria dario darius darko darlene darrell darren darryl daryl dave
    david davide dawid dawn dean deanna deb debashish debbie deborah debra declan deepa deepak
    delaney delfina delia delphine denis denise deniz dennis denys derek desiree desmond detlef
    detlev deven devin devon dewey dexter dhruv diana diane dianne diarmuid dibya dido diego
    dieter dietmar dietrich dieudonne dilip dimitra dimitri dimitrije dimitris dina dinesh diogo
    dirk dita divya djamila dmitri dmitry dolores dominic dominik dominika dominique don donal
    donald donna donovan dora doreen dorian dorien doris dorota dorothea dorothee dorothy dorte
    dorthe doug douglas dragan drew dries duncan dusan dustin dylan eamon ebba eberhard ebru
    eckart eckhard ed edda eddie edgar edgardo edith edmund edna eduard eduarda eduardo edward
    edwin efrain efren egon eike eileen eilish eimear eivind ekaterina ekkehard ela elad elaina
    elaine eleanor elena eleni eleonora eleonore elfi elfriede eli elia eliane elias elie elif
    elijah elin elina elinor eliot elisa elisabeth elise elisha eliza elizabeth elke ella ellen
    ellie elliot elliott elmar elnaz elodie eloise elsa elsbeth else elsie elvira emad emanuel
    emeka emeline emil emilia emilie emilio emily emin emine emma emmanuel emmanuelle emmett emre
    ender enrico enrique enzo eoin erdem erez eric erica erich erick ericka erik erika erin erkan
    ernest ernestine ernesto ernst erwan erwin esra esteban estelle ester esther eszter ethan
    ethel etienne eugen eugene eugenia eugenie eugenio eva evan evangelos eve evelin eveline
    evelyn ewa ewald ewan ezekiel ezequiel ezra fabian fabiana fabien fabienne fabio fabiola
    fabrice fabrizio fadi fadwa fahad faisal faith falk fanny farah farid farida fatima fatma
    fatou faye federica federico fedor felicia felicitas felicity felipa felipe felix feras
    ferdinand ferenc fergal fergus fernanda fernando ferran filip filippo finn fiona flavia flavio
    flora florence florent florentina florentine florian floriane floyd fotini fran frances
    francesca francesco francis francisca francisco franck franco francois francoise frane frank
    franka franklin franz franziska franziskus frauke fred freda freddie frederic frederick
    frederik fredrik fredrika freya frida frieda friederike friedhelm friedrich fritz fritzi
    fumiko funmi gabby gabe gabi gabor gabriel gabriela gabriele gabriella gabrielle gael gaelle
    gaia gail galina ganesh gareth garrett garry gary gaston gaurav gauthier gavin gavriel geert
    gemma gene genevieve geoff geoffrey georg george georges georgia georgina geraint gerald
    geraldine gerard gerardo gerben gerd gerda gergely gerhard gerlinde gernot gerold gerrie
    gerrit gert gertraud gertrud gertrude gesa gesine ghislaine giacomo giada gian gianni gideon
    gil gilbert gilles gillian gina ginevra ginny gintaras giorgia giorgio giovanni gisela gisele
    gita giulia giuliano giulietta giulio giuseppe gladys glen glenn gloria godfrey goetz goncalo
    gonzalo goran gordon gotz grace gracie graciela grady graham grainne grant greet greg gregor
    gregory greta gretchen griffin grischa grzegorz gudrun guenter guenther guglielmo guido
    guilherme guillaume guillermo gunda gunnar gunnhild gunter gunther gus gustav gustavo guy gwen
    gwendolyn gyorgy gyula habib hadi hailey hakan haley halina halvard hamid hamish hamza hana
    hank hanna hannah hanneke hannelore hannes hanno hans hansjorg hanspeter harald hardy hari
    harini harold harriet harris harrison harry harsh harsha harshit harshita hartmut haruka
    haruki haruto harvey hasan hasmik hassan hassane hatice hayden hayley hazel heath heather
    hector hedda hedwig heide heidemarie heidi heike heiko heiner heinrich heinz helen helena
    helene helga helge heli helmi helmut helmuth hendrik henk henning henri henriette henrik
    henrique henry herbert heribert hermann hermine hernan herve hideo hilal hilary hilda hilde
    hildegard hina hiroki hiroshi hisham hitesh hoda holger holly homer horst howard hubert huda
    hugh hugo huseyin hussein iacopo iago ian ibrahim ida idris ieva ignacio ignasi igor ikechukwu
    ilan ilaria ilias ilka ilona ilse ilya imke immanuel imogen imran ina indira indra ines inga
    inge ingeborg ingmar ingo ingolf ingrid ingvild inigo inka inna ioana ioannis iolanda ira
    irena irene irfan irina iris irma irmgard irving isa isaac isabel isabell isabella isabelle
    isaiah isha ishaan ishita isidora ismael ismail ismet istvan itziar iva ivan ivana ivar iveta
    ivo ivonne iwona izabela jaana jaap jacek jacinta jack jackie jackson jacob jacopo jacqueline
    jacques jad jada jagoda jahan jaime jake jakob jakov jakub jamal jameela james jamie jamila
    jan jana jane janet janett janette janez jani janice janin janina janine janis janneke jannik
    jannis jared jarek jaroslav jarrod jascha jasmin jasmina jasmine jason jasper jatin jaume
    javad javier jay jaya jayant jayesh jayne jean jeanette jeanine jeanne jeannette jeannine jeb
    jed jeff jeffrey jelena jelle jenna jennie jennifer jenny jens jeremiah jeremias jeremy jerker
    jeroen jerome jerry jesper jess jesse jessica jessie jette jhon jill jillian jim jimena jimmy
    jindrich jo joachim joakim joan joana joann joanna joanne joao joaquin jocelyn jocelyne jochen
    jody joe joel joelle joep joerg joern johan johann johanna johannes john johnathan johnnie
    johnny jolanta jon jona jonah jonas jonathan joni jonny joost jordan jordi jorg jorge jorgen
    jorn jory jose josef josefine josep joseph josephine josette josh joshua josie jost josu jovan
    jovana joy joyce juan juana juanita judith judy juergen juha jukka jule jules julia julian
    juliana juliane julianna julianne julie julien juliet juliette julio julius jurgen juri justin
    justine justus jutta jyoti jyri kaan kabir kacper kai kaisa kaitlin kaitlyn kaja kamal kamil
    kamila kamilla kara karam karan karel karen karim karin karina karine karl karla karlheinz
    karol karola karolin karolina karoline karsten karthik kasia kaspar kasper kat katalin
    katarina katarzyna kate katelin katelyn katerina kateryna katharina katharine kathe katherine
    kathi kathleen kathrin kathryn kathy katie katja katlyn katrien katrin katrina katy kavita
    kavya kay kayla kaylee kazuo keiko keiran keith kelechi kelley kelli kellie kelly kelsey
    kelvin ken kenan kendall kendra kendrick kenji kenneth kenny kent kenta kenton kerri kerry
    kerstin kevin keyla khadija khaled khalid kiara kieran kiki kilian kim kimberley kimberly
    kinga kip kiran kirill kirk kirsten kirstin kirsty kit kjell klara klaudia klaus klemens knut
    koen kofi koichi konrad konstantin konstantina konstantinos konstanze kornelia kostas kris
    krishna krista kristaps kristen kristian kristie kristijan kristin kristina kristine kristof
    kristy krystal krystyna krzysztof ksenia kumar kunal kurt kwame kyle kylie kyra ladislav laila
    lakshmi lali lamar lana lance lara larissa larry lars lasse laszlo latifa latoya laura lauren
    laurence laurent lauri laurie laurine lavinia lawrence laxmi layla lea leah leandra leandro
    leanne lee leif leigh leila lejla lena lene leni lenka lennart lenny leo leon leona leonard
    leonardo leonie leonor leonora leontine leopold leopoldo leroy lesley leslie leszek leticia
    levi lewis lex liam libby lidia lien lieselotte lilia lilian liliana liliane lilith lilli
    lillian lilly lily lin lina linda lindsay lindsey linn linnea linus lionel lisa lisbeth
    liselotte lisette liz liza lizzie ljubica lloyd loic lois lola lore loredana lorena lorenz
    lorenzo loretta lori lorna lorraine lothar lotte lottie lou louis louisa louise loukas lourdes
    lovisa luana luc luca lucas lucia lucian luciana luciano lucie lucien lucinda lucy ludger
    ludmila ludovic ludwig luigi luis luisa luise luisella luiz luka lukas lukasz luke lutz luz
    lydia lyle lynda lyndsay lynette lynn lynne lynsey lyudmila maarten mabel maciej mackenzie
    maddie madeleine madeline madelyn madhav madhu madison mads magali magda magdalena maggie
    magnolia magnus maha mahesh mahima mahmoud maik maike maisie maite maja makoto malcolm
    malgorzata malgosia malia malik malika malin malte mamadou mandeep mandy manel manfred manish
    manisha manju manoj manon mansi manuel manuela mara marc marcel marcela marcella marcelo
    marcia marcin marco marcos marcus marek maren margaret margareta margarete margaretha
    margarida margarita margaux margit margot margret margrit marguerite maria mariah mariam
    mariama marian mariana marianna marianne maribel marie marieke mariella marielle marietta
    marija marijke marika marike mariko marilena marilyn marilyne marina marine mario marion
    marisa marit marita marius marjorie mark markku marko markus marla marlen marlena marlene
    marlies marlon maros marouane marsha marta martha marthe martijn martin martina martine marty
    martyna marvin mary maryam marzia masahiro masako masha massimo mateo mateusz mathew mathias
    mathieu mathijs mathilde mathis matias matija matilda matilde mats matt matteo matthew
    matthias matthieu maud maura maureen maurice mauricio maurizio mauro max maxi maxim maxime
    maximilian maxine maya mayank mayra mayumi mayur meagan meera megan megha meghan mehdi mehmet
    mehul meike meinrad meir melanie melina melinda melisa melissa melker melody mercedes meredith
    merle mert merve mervyn mette mia micah micha michael michaela michal michalis michel michela
    michele michelle miguel mihaela mihai mika mikael mike mikhail mikkel mikolaj mila milan
    milena miles milica millicent millie milo milos milosz milton mina mindy minna mira miranda
    mireille mirela miren miriam mirjam mirko miroslav mirza misha misty mitch mitchel mitchell
    mitra mitsuko moa moe mohamed mohammad mohammed mohan mohini mohit moira moises molly mona
    monica monika monique monty morgan morgane moritz morten morwenna moses mostafa muhammad
    mukesh muriel murray mustafa mustapha myles myra myriam nabil nada nadeem nadege nadia nadine
    nadja naim najib nalin nancy nandini nanette naoki naoko naomi narendra narges nash nasir
    natacha natalia natalie nataliya natascha natasha nate nathalie nathan nathanael nathanial
    nathaniel naveen nazanin neal neda neeraj neha neil nele nelli nelly nelson nena nermin nessa
    neville ngozi niall niamh nicholas nick nicki nicky nicola nicolai nicolas nicole nicoleta
    nicoletta nicolette niels nienke nigel nigina nihal nihar nikhil nikita nikki niklas niko
    nikola nikolai nikolas nikolaus nikolina nikos nils nina ninad nirmala nisha nishant nitin
    niyati noa noah noam nobuko noel noelia noelle noemi nolan nora norah norbert noreen norman
    noura nuno nuria nwachukwu oana obinna octavia octavio odette oisin olaf olawale ole oleg
    oleksandr olena olga olive oliver olivera olivia olivier oluwaseun omar omer onder oona oriol
    orla orlando ornella orsolya osama oscar oskar oskari osman oswald otis otmar ottilie ottmar
    otto owain owen ozan ozzy pablo paddy paige paivi palina pamela panagiotis pankaj paola paolo
    parisa parth pascal pascale pascaline pasquale pat patrice patricia patricio patrick patrik
    patrizia patrycja patty paul paula paulette paulina pauline paulinho paulius paulo pavel pavla
    pawel payal pearl pedro peer peggy pekka pelle penelope penny per percy perrine perry petar
    pete peter petr petra petros petteri phil philip philipp philippa philippe philippine phillip
    philomena phoebe phyllis pia pierre pierrick pieter pietro pilar pinar piotr piper pirjo polly
    pooja prabhat pradeep prakash pranav prasad prashant prateek pratik preeti prerna preston
    priscilla pritam priya priyanka prudence przemek przemyslaw quentin quincy quinn rabia rachael
    rachel rachid radek radhika radka radu rafael raffaele raghav ragnar rahel rahul raimund
    rainer raj raja rajan rajat rajeev rajendra rajesh rajiv rajni rakesh ralf ralitsa ralph ram
    ramesh ramiro ramon ramona ramya rana randall randi randy rania ranjana ranjit raphael raquel
    rashid rasmus raul ravi ravindra ray rayan raymond razvan rebeca rebecca rebekah rebekka reed
    reem reese reetta regina regine regula reid reidar reiner reinhard reinhold reinier rekha remi
    remy rena renata renate renato renaud rene renee renske reto reuben rex reza rhett rhiannon
    rhonda rhys ricarda ricardo riccardo richard rick ricky rico riikka rikard riley rina rinat
    risto rita ritesh ritika rob robbert robbie robert roberta roberto robin robyn rocco rocio rod
    roderick rodney rodolfo rodrigo rodrigue roel roger rohan rohini rohit roisin roland rolando
    rolf romain roman romana romeo romina romy ron rona ronald ronan ronja ronnie ronny rory rosa
    rosalie rosalind rosanna rosario rosemarie rosemary rosie ross rossella roswitha rowan rowena
    roxana roxanne roy roza ruben rubina rudi rudiger rudolf rudolph rudy ruediger rufus rui
    rupert ruslan russ russell ruta rutger ruth ruud ryan saad saara sabah sabina sabine sabrina
    sacha sadia sadie saeed sahar sahil said saif saket sakshi salim sally salma saloni salvador
    salvatore sam samantha sameer samia samir samira sammy samu samuel samuele sanaa sandeep
    sander sandhya sandie sandra sandrine sandro sandy sanjay sanjeev sanne santhosh santiago
    saoirse sapna sara sarah sarika sarina sarita sasan sascha sasha satoshi satu saurabh scott
    sean sebastian sebastiano sebastien seema selena selim selina selma semih serena serge sergei
    sergey sergio serhii seth severin shabnam shahid shaila shakil shalini shamim shane shania
    shannon shantanu shanti sharad sharon shaun shauna shawn sheela sheena sheila shelby shelley
    shelly sheri sherri sherry shinji shirley shivam shivani shobha shreya shreyas shrijith shruti
    shubham shweta shyam sibylle sid siddharth sidney sidra siegbert siegfried sigrid sigrun
    sigurd silas sile silja silke silvan silvia silvio simon simona simone simran sina sinead
    sinem siobhan siri sissel sneha snezana sofia sofie solange soledad solene soner sonia sonja
    sonya sophia sophie soren soumya sourav spencer spyros sridhar srinivas stacey staci stacie
    stacy stan stanislav stanislaw stanley stavros stefan stefania stefanie stefano stefanos
    steffen steffi steinar stella sten stephan stephane stephanie stephany stephen steve steven
    stewart stijn stuart subhash suchitra sudhir sue sujata sumeet sumit sunil sunita suresh surya
    susan susana susann susanna susanne sushant sushil susi susie suzanne suzette svea sven svenja
    svetlana swapna swati sybille sydney sylvain sylvia sylvie sylwia szymon tabea tabitha tadeusz
    tahir taina takako takashi takeshi takumi tale talia tamara tamas tamika tammy tania tanja
    tanvi tanya tapio tara tarek tariq tasha tatiana tatjana tatsuya taylor ted teemu tejas teo
    teresa tereza teri terrance terrence terri terry tess tessa tetiana thabo thaddeus thalia thea
    theo theodor theodore theresa therese theresia thiago thibault thibaut thierry thijmen thijs
    thilo thom thomas thora thorben thorsten tiago tiffany tiina tijana till tilman tilo tim timea
    timm timo timothy timur tina tino tobi tobias tobin toby tod todd tom tomas tomasz tomislav
    tommaso tommy tomoko toni tonia tony tonya torben torbjorn tore torsten torunn toshiko tove
    tracey traci tracie tracy travis trent trevor tricia trina trine trish trisha tristan trond
    troy trudy truls trygve tuba tucker tuomas tushar tyler tyra tyrone tyson uday udo ulf uli
    ulla ullrich ulrich ulrik ulrike uma umar umberto umesh unai unni uriel urs ursel ursula
    urszula uschi usha uta ute utz uwe vaclav vaibhav valdemar valentijn valentin valentina
    valentine valeria valerie vandana vanessa vanja varun vasil vasile vasilios vasilis vaughn
    veena venkat venkatesh vera verena verity verona veronica veronika veronique vibeke vicent
    vicente vicki vicky victor victoria vidar vidya vigdis vijay vikas vikram viktor viktoria
    ville vinay vince vincent vincenzo vineet vinicius vinod viola violet violetta virgil virgilio
    virginia virginie vishal vishnu vitali vitor vittorio vivek vivian viviana vivien vivienne
    vlad vladimir vladislav vlasta vojtech volker volkmar wade wahid waldemar walid wally walt
    walter waltraud wanda wanja warren wassim wayne wenche wendelin wendell wendi wendy werner wes
    wesley whitney wiebke wieland wiktor wilfried wilhelm wilhelmina wilhelmine will willem willi
    william willis willy wilma winfried winston wioletta wladimir wojciech wolf wolfgang wolfram
    wouter xaver xavier xenia ximena yael yair yamini yana yang yann yannick yannik yannis yara
    yaroslav yash yasir yasmin yasmine yasser yasuko yesim yevgeny yiannis yoann yogesh yoko
    yolanda yolande yonatan yosef yoshiko youssef yuka yuki yuliya yumi yuri yusuf yuval yvan yves
    yvette yvonne zach zachary zack zackery zahra zaid zainab zaki zaneta zara zbigniew zdenek
    zeina zelda zelie zeynep zineb zoe zofia zoltan zoran zorica zsofia zsolt zuzana zuzanna
    """.split()  # noqa: SIM905
)
"""Given names, folded. One that is missing here is refused nowhere: it only needs a label."""
