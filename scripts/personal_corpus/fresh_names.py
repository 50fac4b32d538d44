"""Names and places of the part ``fresh``: they share nothing with those of the other parts."""

from __future__ import annotations

from .names import Names
from .places import Places

_WOMEN = """Bérengère Edwige Ludivine Sabrina Élisabeth Rolande Marianne Cécile Florence Patricia Jeannine Geneviève
Michèle Nicole Danielle Régine Gaëlle Morgane Alizée Lilou Inaya Sirine Kenza Wafa Fanta Nafissatou Olivia Agathe
Éloïse Blandine Perrine Mélanie Stéphanie Laure Christelle Évelyne Viviane Ségolène Bénédicte Aline Marie-Pierre
Anne-Laure Graziella Paola Ilona Halima"""
_MEN = """Francis Claudius Joël Roland Fabien Bastien Aurélien Mathis Nolan Sacha Gilbert Jean-Marc Jean-Michel Guy
Norbert Régis Rémi Emmanuel Franck Marc Ghislain Lionel Loris Mathéo Kylian Rayan Idriss Abdoulaye Samba Rui Nuno
Stefano Pavel Baptiste Jérôme Marius Oscar Jean-Louis Pierre-Henri Wilfried"""
_LAST = """Lefèvre Caillaud Tricoire Gendron Thibault Pelletier Guérineau Berthelot Jourdain Lacombe Bousquet Rouquette
Cazenave Darrigade Labat Dupouy Lafitte Sentenac Vaillant Hardy Leblanc Legros Lejeune Hennebelle Delannoy Wattel
Lesage Deroo Dewaele Bruneau Papin Bordier Chesneau Gasnier Poupard Joubert Raimbault Bellanger Godard Maillet Pichon
Rigaud Rossignol Sabatier Vigouroux Bessière Granier Mazel Teissier Bonfils Ollivier Le_Meur Le_Guen Kermarrec Riou
Salaün Troadec Guillou Tardy Chapuis Burdet Favre Gonnet Bouchard Rochette Perrier Ducret Jeannin Grosjean Thouvenin
Mangin Husson Claudel Kuntz Hoffmann Wagner Becker Aït_Ahmed Boukhari Ferhat Zerrouki Sylla Sarr Bâ Kaboré Ouédraogo
Mendy Marques Pinto Mendes Ramos Costa D'Hérouville De_Saint-Aubin Sainte-Rose Rajaonarison"""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace("\n", "|").split("|") if line.strip())


def _names(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


NAMES = Names(_names(_WOMEN), _names(_MEN), _names(_LAST))
PLACES = Places(
    streets=_lines("""Grande Rue | rue de la République | avenue du Maréchal Foch | rue Léon Blum | rue Ambroise Paré
        impasse du Lavoir | rue Germaine Tillion | chemin des Écoliers | rue Saint-Éloi | rue du Capitaine Guynemer
        place du Marché | rue Henri Barbusse | allée des Cerisiers | route de la Forêt | rue Nelson Mandela
        rue des Frères Montgolfier | cité Beauséjour | rue Georges Sand | ruelle du Four | rue du 11 Novembre
        chemin de chez Gendron | rue Marguerite Duras | avenue de la Gare | lieu-dit La Roche"""),
    towns=tuple(
        (line[:5], line[6:])
        for line in _lines("""17986 Saint-Fort-les-Marais | 45987 Boisville-la-Rivière | 62976 Hesdigneul-le-Sec
        88985 Granvaux-Moselotte | 09988 Castelnau-d'Arize | 44986 La Chapelle-Basse-Vue | 26987 Montrigaud-le-Haut""")
    ),
    equipment=_lines("""École Germaine Tillion | École élémentaire Jean de La Fontaine | Collège Henri Barbusse
        Lycée Ambroise Paré | École maternelle Les Coquelicots | Gymnase Jesse Owens | Salle polyvalente
        Stade Michel Hidalgo | Espace culturel Agnès Varda | Piscine Camille Muffat | Maison de quartier Les Tilleuls
        Bibliothèque Georges Perec | Salle Barbara | Parc de la Mairie | Boulodrome | City-stade des Prés
        Crèche Pirouette | Centre de loisirs Jacques Tati | Hôtel de ville | Église Saint-Éloi"""),
    associations=_lines("""Amicale des sapeurs-pompiers | Handball Club des Marais | Les Fous du volant
        Gymnastique volontaire | Comité de jumelage | Club des aînés Les Gais Lurons | Association Sportive Barbusse
        APE de l'école Tillion | Harmonie Saint-Éloi | Les Blouses roses | Photo-club Daguerre | Judo-jujitsu Granvaux
        Pêche et loisirs | Anciens combattants AFN | Théâtre du Lavoir | Les Amis de la bibliothèque"""),
    firms=_lines("""Lacombe TP SAS | SARL Pelletier et Fils | Boucherie Joubert | Eurovert Espaces Verts
        Cabinet Godard Géomètres | Électricité Favre SARL | Garage Perrier | GAEC du Lavoir | Orvalia Propreté SAS
        Maçonnerie Pinto EURL | Atelier Chapuis Architecture | Hydrelec Sud | Auto-école Hardy | Au Fournil de Guy"""),
    authors=_lines("""Marie-Aude Murail | Pierre Lemaitre | Fred Vargas | Joël Dicker | Agatha Christie | René Barjavel
        Delphine de Vigan | Jules Verne | Jean-Claude Mourlevat | Maylis de Kerangal"""),
    domains=("ville-boisville.example", "cc-des-marais.example", "mairie-granvaux.example", "siaep-arize.example"),
)
