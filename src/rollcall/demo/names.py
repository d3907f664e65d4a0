"""Names for made-up people: first names common in England, family names that Sussex knows, and newer ones."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())


GIRLS = _words("""
    Ada Alice Amber Amelia Anna Ava Beatrice Bella Bonnie Charlotte Chloe Clara Daisy Darcie Edith Eliza Ella
    Ellie Elsie Emily Emma Erin Esme Eva Evelyn Florence Freya Georgia Grace Hallie Hannah Harriet Heidi Holly
    Imogen Iris Isabelle Isla Ivy Jasmine Jessica Lara Lily Lola Lottie Lucy Mabel Maisie Margot Martha Matilda
    Maya Mia Millie Molly Nancy Nell Niamh Olive Olivia Orla Penelope Phoebe Pippa Poppy Rose Rosie Ruby Scarlett
    Sienna Sophie Summer Tabitha Thea Violet Willow Winifred Zara
""")
BOYS = _words("""
    Albert Alexander Alfie Archie Arlo Arthur Austin Barnaby Benjamin Bertie Caleb Charlie Daniel Dexter Dylan
    Edward Elijah Ellis Ethan Felix Finley Finn Frank Freddie Gabriel George Gus Harrison Harry Harvey Henry Hugo
    Isaac Jack Jacob Jago James Jesse Joseph Joshua Jude Kit Laurie Leo Lewis Logan Louie Luca Lucas Luke Max Milo
    Monty Nathan Ned Noah Oliver Oscar Otis Otto Ralph Reuben Robin Rory Rowan Rupert Samuel Sebastian Sidney
    Stanley Teddy Theo Thomas Toby Tommy Wilfred William Zachary
""")
FAMILIES = _words("""
    Akehurst Apps Ashdown Avery Baldock Banks Barden Beeching Bellamy Bishop Blackman Boniface Botting Bridger
    Brooker Burgess Buss Carey Catt Chandler Chapman Cheal Clifton Coker Collison Coombes Cornford Cosham
    Crittenden Cruttenden Dengate Diplock Divall Duffield Dumbrell Eade Eldridge Elphick Etherton Fairhall Farley
    Fennell Foord Freeland Funnell Gander Gearing Geering Gilham Goldsmith Goodsell Gorringe Greenfield Guy
    Haffenden Hards Hayward Heasman Hemsley Hide Hoad Hobden Hollands Holman Honeysett Huggett Isted Jenner Kemp
    Kenward Kester Killick Kirby Knapp Langridge Larkin Leppard Lidbetter Lower Lulham Maynard Message Mepham
    Mitchell Moon Muddle Mulley Neville Noakes Nye Oakley Oxley Packham Pankhurst Parris Pelling Penfold Pettit
    Pilbeam Pocock Pratt Pullinger Ransom Rapley Reed Relf Richardson Ridley Rolfe Russell Saunders Sayers Scrace
    Selmes Shoesmith Simmonds Slater Smart Snelling Stapley Steer Stevens Stoner Streeter Suter Tapsell Tester
    Thorpe Tidy Tompsett Towner Tribe Turner Twort Unicume Upton Verrall Vine Wadey Walder Waters Weller Welfare
    Wenham Whapham Wickens Willard Winter Wood Woolgar Wren Yeates
""")
# Families from further off, as (family name, girls' names, boys' names, language at home).
NEWER = (
    ("Begum", "Aisha Maryam Nadia", "Yusuf Ibrahim Adam", "Bengali"),
    ("Rahman", "Fatima Sana Leila", "Zayn Omar Idris", "English"),
    ("Kowalczyk", "Zofia Maja Hania", "Jakub Kacper Antoni", "Polish"),
    ("Nowicki", "Oliwia Lena Pola", "Filip Szymon Igor", "Polish"),
    ("Ionescu", "Ioana Daria Sofia", "Matei Andrei Luca", "Romanian"),
    ("Bondarenko", "Daryna Sofiia Polina", "Danylo Maksym Artem", "Ukrainian"),
    ("Almeida", "Beatriz Leonor Ines", "Tiago Duarte Rui", "Portuguese"),
    ("Okafor", "Adaeze Chioma Ngozi", "Emeka Obi Chidi", "English"),
    ("Mensah", "Abena Efua Esi", "Kofi Kwame Yaw", "English"),
    ("Haddad", "Yara Nour Rana", "Sami Karim Elias", "Arabic"),
    ("Patel", "Anika Diya Mira", "Arjun Rohan Kiran", "English"),
    ("Nguyen", "Linh Mai Anh", "Minh Bao Khoa", "Vietnamese"),
    ("Fernandez", "Lucia Carmen Alba", "Mateo Diego Pablo", "Spanish"),
    ("Wong", "Mei Hana Joy", "Kai Jun Ben", "Cantonese"),
)
MOTHERS = _words("""
    Abigail Alison Amy Becky Caroline Cathy Charlie Claire Dawn Debbie Donna Emma Fiona Gemma Hayley Helen Jenny
    Jo Karen Kate Katie Kelly Kerry Laura Leanne Lisa Louise Lucy Mandy Mel Michelle Nicola Rachel Rebecca Sally
    Sarah Sophie Stacey Steph Tara Tracey Vicky Zoe
""")
FATHERS = _words("""
    Adam Alan Andy Anthony Barry Ben Callum Chris Craig Dan Darren Dave Dean Gareth Gary Graham Ian Jamie Jason
    Joe John Keith Kevin Lee Liam Mark Martin Matt Mick Mike Neil Nick Paul Pete Phil Rich Rob Russ Ryan Scott
    Simon Steve Stuart Tim Tom Tony Will
""")
GRANDPARENTS = _words("""
    Ann Barbara Brenda Carol Christine David Janet Jean Linda Margaret Pam Pauline Roger Sandra Sue Trevor
""")
SHORT = {
    "Alexander": "Alex",
    "Benjamin": "Ben",
    "Isabelle": "Izzy",
    "Matilda": "Tilly",
    "Thomas": "Tom",
    "Winifred": "Winnie",
    "Samuel": "Sam",
    "Charlotte": "Lottie",
}
LANES = _lines("""
    Church Lane|Mill Lane|Station Road|Chalk Pit Lane|Ditchling Way|Forge Close|Green Lane|Hop Garden|
    Old Dairy Yard|Orchard Way|Plough Cottages|Pound Lane|School Hill|Sheepfold|South Street|The Brooks|
    The Drove|The Paddock|Wayfield|Weald View
""")
STAFF = _lines("""
    Alice Marchant|Bridget Pemberton|Colin Dray|Deepa Nair|Edmund Farrow|Frances Lyle|Giles Hartnell|
    Hilary Osgood|Ines Calder|Jonah Wickham|Karen Strudwick|Lorna Peacock|Miles Tranter|Nina Kessler|
    Owen Prosser|Priya Raman|Quentin Vale|Ruth Ansell|Sadie Coverdale|Tessa Brand|Ursula Fenn|
    Victor Adeyemi|Wendy Holt|Xanthe Rowe|Yvonne Marsh|Zachariah Bloom|Amit Chaudhry|Beth Lander|
    Carys Munro|Dominic Sayle|Elinor Tuck|Fergus Boyd|Gwen Maddox|Hugh Ramsden|Isobel Crane|Jill Napper
""")
VILLAGES = {
    "hamsey": "Hamsey",
    "plumpton": "Plumpton Green",
    "barcombe": "Barcombe Cross",
    "iford-and-kingston": "Kingston near Lewes",
}
