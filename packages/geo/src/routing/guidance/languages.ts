import type { InstructionLanguage, Maneuver } from './instruction.ts'

/** How a language says what to do. `{name}`, `{direction}` and `{exit}` are filled in. */
export interface Phrases {
  /** North, north-east and so on, clockwise. */
  readonly directions: readonly string[]
  /** First to tenth. */
  readonly ordinals: readonly string[]
  /** Without and with the name of the road that follows. */
  readonly maneuvers: Readonly<Record<Maneuver, readonly [plain: string, named: string]>>
}

const en: Phrases = {
  directions: ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'],
  ordinals: ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
  maneuvers: {
    depart: ['Head {direction}', 'Head {direction} on {name}'],
    arrive: ['You have arrived', 'You have arrived on {name}'],
    via: ['You have reached a stop', 'You have reached a stop on {name}'],
    continue: ['Continue', 'Continue on {name}'],
    straight: ['Go straight on', 'Go straight on along {name}'],
    'slight-right': ['Keep right', 'Keep right onto {name}'],
    right: ['Turn right', 'Turn right onto {name}'],
    'sharp-right': ['Turn sharp right', 'Turn sharp right onto {name}'],
    'slight-left': ['Keep left', 'Keep left onto {name}'],
    left: ['Turn left', 'Turn left onto {name}'],
    'sharp-left': ['Turn sharp left', 'Turn sharp left onto {name}'],
    'turn-round': ['Turn round', 'Turn round on {name}'],
    'ramp-right': ['Take the ramp on the right', 'Take the ramp on the right onto {name}'],
    'ramp-left': ['Take the ramp on the left', 'Take the ramp on the left onto {name}'],
    roundabout: ['At the roundabout, take the {exit} exit', 'At the roundabout, take the {exit} exit onto {name}'],
    ferry: ['Take the ferry', 'Take the ferry {name}'],
  },
}

const de: Phrases = {
  directions: ['Norden', 'Nordosten', 'Osten', 'Südosten', 'Süden', 'Südwesten', 'Westen', 'Nordwesten'],
  ordinals: ['erste', 'zweite', 'dritte', 'vierte', 'fünfte', 'sechste', 'siebte', 'achte', 'neunte', 'zehnte'],
  maneuvers: {
    depart: ['Nach {direction} starten', 'Auf {name} nach {direction} starten'],
    arrive: ['Ziel erreicht', 'Ziel erreicht: {name}'],
    via: ['Zwischenziel erreicht', 'Zwischenziel erreicht: {name}'],
    continue: ['Weiterfahren', 'Weiter auf {name}'],
    straight: ['Geradeaus', 'Geradeaus auf {name}'],
    'slight-right': ['Rechts halten', 'Rechts halten auf {name}'],
    right: ['Rechts abbiegen', 'Rechts abbiegen auf {name}'],
    'sharp-right': ['Scharf rechts abbiegen', 'Scharf rechts abbiegen auf {name}'],
    'slight-left': ['Links halten', 'Links halten auf {name}'],
    left: ['Links abbiegen', 'Links abbiegen auf {name}'],
    'sharp-left': ['Scharf links abbiegen', 'Scharf links abbiegen auf {name}'],
    'turn-round': ['Wenden', 'Wenden auf {name}'],
    'ramp-right': ['Rechts die Auffahrt nehmen', 'Rechts die Auffahrt nehmen auf {name}'],
    'ramp-left': ['Links die Auffahrt nehmen', 'Links die Auffahrt nehmen auf {name}'],
    roundabout: ['Im Kreisverkehr die {exit} Ausfahrt nehmen', 'Im Kreisverkehr die {exit} Ausfahrt nehmen auf {name}'],
    ferry: ['Die Fähre nehmen', 'Die Fähre {name} nehmen'],
  },
}

const fr: Phrases = {
  directions: ['nord', 'nord-est', 'est', 'sud-est', 'sud', 'sud-ouest', 'ouest', 'nord-ouest'],
  ordinals: [
    'première',
    'deuxième',
    'troisième',
    'quatrième',
    'cinquième',
    'sixième',
    'septième',
    'huitième',
    'neuvième',
    'dixième',
  ],
  maneuvers: {
    depart: ['Partez, direction {direction}', 'Partez sur {name}, direction {direction}'],
    arrive: ['Vous êtes arrivé', 'Vous êtes arrivé : {name}'],
    via: ['Vous avez atteint une étape', 'Vous avez atteint une étape : {name}'],
    continue: ['Continuez', 'Continuez sur {name}'],
    straight: ['Allez tout droit', 'Allez tout droit sur {name}'],
    'slight-right': ['Serrez à droite', 'Serrez à droite sur {name}'],
    right: ['Tournez à droite', 'Tournez à droite sur {name}'],
    'sharp-right': ['Tournez franchement à droite', 'Tournez franchement à droite sur {name}'],
    'slight-left': ['Serrez à gauche', 'Serrez à gauche sur {name}'],
    left: ['Tournez à gauche', 'Tournez à gauche sur {name}'],
    'sharp-left': ['Tournez franchement à gauche', 'Tournez franchement à gauche sur {name}'],
    'turn-round': ['Faites demi-tour', 'Faites demi-tour sur {name}'],
    'ramp-right': ['Prenez la bretelle à droite', 'Prenez la bretelle à droite vers {name}'],
    'ramp-left': ['Prenez la bretelle à gauche', 'Prenez la bretelle à gauche vers {name}'],
    roundabout: ['Au rond-point, prenez la {exit} sortie', 'Au rond-point, prenez la {exit} sortie sur {name}'],
    ferry: ['Prenez le ferry', 'Prenez le ferry {name}'],
  },
}

const es: Phrases = {
  directions: ['norte', 'noreste', 'este', 'sureste', 'sur', 'suroeste', 'oeste', 'noroeste'],
  ordinals: ['primera', 'segunda', 'tercera', 'cuarta', 'quinta', 'sexta', 'séptima', 'octava', 'novena', 'décima'],
  maneuvers: {
    depart: ['Salga hacia el {direction}', 'Salga por {name} hacia el {direction}'],
    arrive: ['Ha llegado a su destino', 'Ha llegado a su destino: {name}'],
    via: ['Ha llegado a una parada', 'Ha llegado a una parada: {name}'],
    continue: ['Continúe', 'Continúe por {name}'],
    straight: ['Siga recto', 'Siga recto por {name}'],
    'slight-right': ['Manténgase a la derecha', 'Manténgase a la derecha por {name}'],
    right: ['Gire a la derecha', 'Gire a la derecha por {name}'],
    'sharp-right': ['Gire bruscamente a la derecha', 'Gire bruscamente a la derecha por {name}'],
    'slight-left': ['Manténgase a la izquierda', 'Manténgase a la izquierda por {name}'],
    left: ['Gire a la izquierda', 'Gire a la izquierda por {name}'],
    'sharp-left': ['Gire bruscamente a la izquierda', 'Gire bruscamente a la izquierda por {name}'],
    'turn-round': ['Dé la vuelta', 'Dé la vuelta en {name}'],
    'ramp-right': ['Tome la rampa a la derecha', 'Tome la rampa a la derecha hacia {name}'],
    'ramp-left': ['Tome la rampa a la izquierda', 'Tome la rampa a la izquierda hacia {name}'],
    roundabout: ['En la rotonda, tome la {exit} salida', 'En la rotonda, tome la {exit} salida hacia {name}'],
    ferry: ['Tome el ferry', 'Tome el ferry {name}'],
  },
}

/** The languages that instructions come in. To add one is to add its phrases here. */
export const languages: Readonly<Record<InstructionLanguage, Phrases>> = { en, de, fr, es }
