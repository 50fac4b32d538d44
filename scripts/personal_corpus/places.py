"""Streets, towns, equipment, associations and firms of each part, often named after people who are nobody's data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """What one part is made of, besides persons."""

    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    """Postcode and name of communes."""
    equipment: tuple[str, ...]
    associations: tuple[str, ...]
    firms: tuple[str, ...]
    authors: tuple[str, ...]
    """Authors of books, as a catalogue writes them."""
    domains: tuple[str, ...]
    """E-mail domains of invented town halls and bodies."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace("\n", "|").split("|") if line.strip())


def _towns(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((line[:5], line[6:]) for line in _lines(text))


TUNE = Places(
    streets=_lines("""rue Jean Jaurès | rue Victor Hugo | avenue du Général de Gaulle | allée Rose | rue des Lilas
        impasse Marie Curie | chemin des Martin | rue Pasteur | place Gambetta | rue Émile Zola | rue de l'Église
        boulevard Voltaire | rue Louise Michel | rue du Moulin | rue Pierre Brossolette | rue Anatole France
        route de Saint-Martin | rue Simone Veil | rue du 8 Mai 1945 | allée des Tilleuls | rue Jules Ferry
        chemin de la Fontaine Bernard | rue Saint-Vincent | rue Jean Moulin | place de la Mairie
        lotissement Les Camélias"""),
    towns=_towns("""12340 Valmorin-sur-Oise | 27511 Saint-Brévin-le-Haut | 35987 Plougarel | 54731 Rombastel
        64912 Etcharronde | 69873 Chantegrive | 83654 La Bastide-Rousse | 31987 Montaurel"""),
    equipment=_lines("""Gymnase Pierre de Coubertin | École Jules Ferry | Stade Marcel Cerdan | Salle Jacques Brel
        Médiathèque Marguerite Yourcenar | Crèche Les P'tits Loups | Square Jeanne d'Arc | Piscine Alfred Nakache
        Complexe sportif Alain Mimoun | École maternelle Louise Michel | Collège Jean Rostand | Parc Marie Laurencin
        École élémentaire Paul Bert | Collège Louis Aragon | Centre social Léo Lagrange
        Maison des associations | Salle des fêtes | Espace Georges Brassens"""),
    associations=_lines("""Association Saint-Michel | Amicale Laïque Jean Macé | Union Sportive de Valmorin
        Les Amis de Pierre et Marie | Club de pétanque Le Bernard | Comité des fêtes | Secours populaire
        Chorale À Cœur Joie | Foyer rural Henri Pourrat | Judo Club Martin | Harmonie municipale | Les Restos du cœur
        Ligue de l'enseignement | Association sportive du collège Jean Rostand | Société de chasse La Saint-Hubert
        Théâtre de Camille"""),
    firms=_lines("""SARL Martin Frères | Entreprise Lefebvre et Fils | Garage Durand SAS | Boulangerie Petit EURL
        SAS Rousseau Travaux Publics | Eiffarel Routes | Ets Bernard | Colabat SA | Menuiserie Girard & Cie | Dalkaris
        SCI Les Lilas | Cabinet Moreau Architectes SELARL | Société Nouvelle Fournier
        Electricité Générale Roux SARL"""),
    authors=_lines("""Hugo, Victor | Zola, Émile | Verne, Jules | Rowling, J. K. | Camus, Albert | Goscinny, René
        Nothomb, Amélie | Sand, George | Duras, Marguerite | Simenon, Georges | Pennac, Daniel | Christie, Agatha"""),
    domains=("ville-valmorin.example", "mairie-plougarel.fr", "rombastel.fr", "cc-chantegrive.example"),
)

TEST = Places(
    streets=_lines("""rue Gabriel Péri | rue Paul Langevin | avenue Pierre Mendès France | allée Violette
        rue Édith Piaf | rue des Frères Lumière | venelle Sainte-Anne | rue Olympe de Gouges
        cours Honoré d'Estienne d'Orves | rue Antoine de Saint-Exupéry | sentier des Vignes | quai Aristide Briand
        rue Joséphine Baker | rue Marcel Pagnol | hameau de Chez Robert | rue Alexandre Dumas | rue Rosa Parks
        impasse des Acacias | rue Charles Péguy | le Bourg | rue Lucie Aubrac | montée Saint-Laurent
        rue Hector Berlioz | résidence Clair Soleil | chemin du Bois Thomas | square Colette | rue du Docteur Calmette
        rue de l'Abbé Grégoire"""),
    towns=_towns("""14987 Bréville-en-Auge | 22986 Kermaria-Vihan | 38945 Saint-Aupre-le-Vieux | 47931 Castelmaure
        57888 Oberwiller-la-Forge | 76985 Hautot-les-Prés | 97498 Le Piton Bleu | 20987 Olmeta-d'Arone"""),
    equipment=_lines("""Gymnase Suzanne Lenglen | École élémentaire Robert Doisneau | Stade Raymond Kopa
        Skatepark Paul-Bert | Médiathèque Albert Camus | Multi-accueil Françoise Dolto | Jardin Colette Besson
        Halle André Malraux | Dojo Teddy-Legrand | École primaire Jacques Prévert | Lycée Jean Monnet
        École maternelle Claire Fontaine | Collège Simone Signoret | Square Marcel Pagnol | Salle Édith Piaf
        Aire de jeux Sainte-Claire | Résidence autonomie Ambroise Croizat | Théâtre Gérard Philipe
        Cimetière Saint-Antoine | Boulodrome Dédé Robert"""),
    associations=_lines("""Les Compagnons de Saint-Laurent | Amicale des anciens élèves de l'école Prévert
        Tennis Club Aubry | Étoile sportive Sainte-Anne | Association Thomas et les autres | Cercle celtique
        Entraide Robert-Schuman | Vélo-club de Bréville | La Compagnie Juliette et Cie | Fondation Marthe Vallée
        Scouts et guides | Ciné-club Langlois | Croix-Rouge française | Collectif Charlotte | Les jardins de Simon
        Association de parents d'élèves FCPE"""),
    firms=_lines("""Dubois Paysage SARL | Transports Morel SAS | EARL Laurent | Vidal & Associés
        Fleurs de Charlotte SASU | Établissements Robert Père et Fils | Axionis Eau | SCOP Daniel Bâtiment
        Pharmacie Cohen-Aubry SELAS | TP Marchal | Bureau d'études Thomas Ingénierie | Imprimerie Henry
        Couverture Bouvier EURL | Veolane Propreté | SNC Chez Isabelle"""),
    authors=_lines("""Annie Ernaux | Jean-Christophe Rufin | Virginie Despentes | Guy de Maupassant | Stephen King
        Leïla Slimani | Alexandre Dumas | Philippe Delerm | Anna Gavalda | Jean Giono | Toni Morrison
        Emmanuel Carrère"""),
    domains=("breville-en-auge.fr", "ville-castelmaure.example", "kermaria-vihan.bzh", "agglo-hautot.example"),
)
