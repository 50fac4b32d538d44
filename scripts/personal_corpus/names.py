"""First and last names of the invented persons: two lists that share nothing, one for each part of the corpus."""

from __future__ import annotations

from dataclasses import dataclass

_TUNE_WOMEN = """Marie Camille Sophie Léa Chantal Nathalie Céline Aurélie Monique Jacqueline Élodie Fatima Aïcha
Khadija Inès Maria Ana Giulia Francesca Ewa Katarzyna Olga Irina Mariam Fatoumata Aminata Linh Mei Anne-Sophie
Marie-Christine Lucie Manon Zoé Louise Jade Rose Margot Solène Gwenaëlle Maïwenn Nolwenn Amandine Delphine Véronique
Brigitte Josiane Ginette Yvette Odile Bernadette Agnès Noémie Pauline Clémence Ophélie Coralie Samira Nadia Leïla
Yasmine Rachida Djamila Esther Rébecca Sarah Judith Priya Anjali Aylin Zeynep Elif Carmen Pilar Conceição Fernanda
Svetlana Tatiana Mireille Laurence Estelle Maëlys Lina Mila Ambre Alix Romane Capucine Apolline Ninon Philippine
Huguette Paulette Simone Germaine Raymonde Marguerite Séverine Karine Peggy Cindy Jennifer Vanessa Mélissa Hanane
Ndeye Awa Rokhaya Thi-Mai Sandrine"""
_TUNE_MEN = """Jean Pierre Michel Philippe Nicolas Julien Thomas Antoine Mathieu Guillaume Mohamed Ahmed Karim Youssef
Rachid Abdelkader Moussa Ibrahima Mamadou Ousmane José António João Manuel Carlos Luigi Giovanni Piotr Tomasz Wojciech
Dmitri Sergueï Minh Quang Wei Jean-Pierre Jean-Luc Pierre-Yves François-Xavier Lucas Hugo Enzo Gabriel Raphaël Adam
Loïc Yann Ronan Erwan Gaël Tanguy Bernard Marcel Roger Raymond Henri Lucien Gérard Alain Patrick Thierry Christophe
Stéphane Olivier Sébastien Cédric Ludovic Fabrice Grégory Kévin Jordan Dylan Steven Mehdi Bilal Ilyes Amine Sofiane
Walid Elie Samuel David Nathan Ravi Arjun Mehmet Emre Kemal Diego Alejandro Vasco Ivan Boris Édouard Augustin Timothée
Gaspard Maxence Corentin Valentin Basile Côme Fernand Gustave Léon Armand Eugène Tidiane Cheikh Souleymane Rodrigue
Dieudonné Teva Manuarii"""
_TUNE_LAST = """Martin Bernard Petit Durand Leroy Moreau Simon Michel Lefebvre Garcia Roux Fournier Girard Bonnet
Lambert Fontaine Rousseau Vincent Muller Faure Mercier Blanc Guérin Boyer Garnier Chevalier Legrand Gauthier Perrin
Robin Clément Morin Nicolas Mathieu Roussel Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour
Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt
Colin Leclercq Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Benoit Rey
Leclerc Payet Rolland Lecomte Hoarau Adam Guillot Hubert Berger Carpentier Dupuis Moulin Louis Deschamps Huet Vasseur
Perez Boucher Fleury Klein Royer Jacquet Le_Goff Le_Gall Kerbrat Quéméneur Guivarc'h Tanguy Abgrall Etcheverry
Etxeberria Ibarboure Casanova Santoni Paoli Benali Benmoussa Haddad Khelifi Mansouri Bouazza Cherif Belkacem Ouali
Ziani Amrani El_Idrissi Diallo Traoré Coulibaly Konaté Diop Ndiaye Sow Camara Keïta Mbaye Kouassi Nguyen Tran Pham Lê
Zhang Wang Chen Kowalski Nowak Wiśniewski Kaczmarek Petrov Ivanova Popescu Ionescu Silva Ferreira Pereira Da_Costa
Dos_Santos Rodrigues Fernandes López Sánchez Romero Rossi Bianchi Esposito Yılmaz Demir Kaya Patel Singh Rakotomalala
Randriamanantena Tehei Pouira Wamytan Boismoreau Hautecœur Beauvallet Pontgirard Valentin-Morel De_La_Fresnaye
D'Arbonville Van_Hecke Vandenberghe Delcroix-Bary Lhermine Froissart Quiniou"""

_TEST_WOMEN = """Isabelle Valérie Sylvie Catherine Françoise Martine Christine Émilie Charlotte Mathilde Juliette
Chloé Emma Alice Anna Eva Nour Salma Malika Zohra Houda Naïma Soraya Hafsa Assia Oumou Kadiatou Bintou Adjoa Ngozi
Teresa Lucia Chiara Beatriz Inês Joana Magdalena Agnieszka Natalia Ludmila Oksana Yulia Hoa Thuy Xiu Yuki Anne-Marie
Marie-Thérèse Marie-Laure Rose-Marie Annick Soazig Enora Rozenn Armelle Ghislaine Liliane Colette Denise Suzanne Renée
Andrée Arlette Éliane Josette Dominique Corinne Muriel Pascale Carole Virginie Magali Ingrid Angélique Tiffany Kelly
Laëtitia Marine Justine Anaïs Océane Maëva Lola Célestine Victoire Hortense Éléonore Domitille Sixtine Faustine
Garance Iris Violette Marguerite-Marie Hélène Irène Odette Lucette Thérèse Sibylle Astrid Deborah Myriam Naomi Shirel
Lakshmi Deepika Merve Büşra Dolores Rosario Fátima Snežana Tiaré Moana Euphrasie Prudence Blessing"""
_TEST_MEN = """Laurent Christian Daniel Éric Frédéric Pascal Bruno Didier Serge Gilles Jacques André Claude Robert
Maurice Louis Paul Arthur Jules Maël Noah Liam Léo Ethan Tom Axel Théo Clément Alexandre Maxime Romain Vincent Quentin
Florian Damien Arnaud Benoît Xavier Hervé Yves Yannick Malo Ewen Titouan Brieuc Ali Omar Hassan Khaled Mustapha Farid
Nabil Tarek Hicham Zakaria Ismaël Boubacar Seydou Amadou Kofi Kwame Chukwu Luís Pedro Tiago Paulo Marco Matteo
Salvatore Krzysztof Paweł Andrzej Vladimir Oleksandr Mykola Bao Duc Hai Hiroshi Jean-Claude Jean-Paul Jean-François
Jean-Baptiste Paul-Henri Charles-Antoine Aymeric Thibault Foucauld Geoffroy Enguerrand Tancrède Anatole Célestin
Firmin Ferdinand Achille Honoré Urbain Victorien Johnny Brandon Anthony Jérémy Mickaël Teddy Cyril Ugo Simon Isaac
Moshe Sanjay Vikram Burak Murat Javier Ramón Dragan Zoran Manutea Heimana Désiré Fulgence Parfait Innocent"""
_TEST_LAST = """Robert Richard Dubois Laurent Thomas Leroux David Bertrand Morel Henry Rousselet André Mallet Guichard
Poirier Vidal Lemercier Charpentier Marty Bailly Hervé Étienne Barre Le_Roux Aubry Collet Prévost Germain Daniel
Cousin Bouvier Breton Besson Perrot Millet Langlois Ménard Marchal Lopes Weber Le_Corre Pons Gomes Bouchet Carré
Charles Reynaud Maillard Antoine Baron Hamon Pasquier Jacob Grondin Camus Lebrun Mahé Guillaume Monnier Mounier
Chauvin Tessier Cordier Rodier Verdier Delattre Buisson Gros Maury Blondel Salmon Bouvet Sauvage Charbonnier Peltier
Coste Besnard Cohen Lévy Toussaint Delmas Chrétien Devaux Humbert Ferrand Bazin Allard Vallée Maréchal Le_Bihan
Kervella Pennec Cariou Le_Dantec Floc'h Jaouen Etchegaray Iribarne Haristoy Luciani Mattei Colonna-Istria Bouzid Saïdi
Hamidi Meziane Brahimi Larbi Chaoui Bensaïd El_Fassi Aït_Oufkir Guèye Fofana Bah Cissé Touré Sissoko Dembélé Bamba
Adjovi Mensah Okonkwo Ngoma Ilunga Vo Dang Bui Huynh Liu Huang Xu Yang Zielińska Lewandowski Wójcik Szymański Smirnov
Kuznetsova Bondarenko Shevchuk Dumitru Stoica Marinković Almeida Carvalho Teixeira Gonçalves Do_Nascimento Moreno
Navarro Iglesias Ferrari Ricci Lombardi Çelik Öztürk Aydın Sharma Ramanantsoa Andriamihaja Teriitahi Waheo Maronnaud
Grandchamp Belleforêt Rochebrune Montreynaud Castelbajou Hautbourg De_Kergaradec Du_Plessis-Gouret D'Estourmel
Vanderlinden Vermeulen-Roy Delacourcelle Quesnoy Thiébaut-Lang Wohlfarth Schaeffer Zimmermann Kieffer Oberlé Bossuat
Chassaing Puyravaud Lagoutte Mazeyrat Escoffier Tournadre Vialatte Boulanger"""


@dataclass(frozen=True, slots=True)
class Names:
    """What the persons of one part are called."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


def _read(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


TUNE = Names(_read(_TUNE_WOMEN), _read(_TUNE_MEN), _read(_TUNE_LAST))
TEST = Names(_read(_TEST_WOMEN), _read(_TEST_MEN), _read(_TEST_LAST))
