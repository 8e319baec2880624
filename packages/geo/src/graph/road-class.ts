/** Classes of roads, the most important first; `roads.classes` holds places in this list. Named as OpenStreetMap does. */
export const roadClasses = [
  'motorway',
  'trunk',
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'track',
  'pedestrian',
  'cycleway',
  'bridleway',
  'footway',
  'path',
  'steps',
  'ferry',
] as const

/** One of {@link roadClasses}. */
export type RoadClass = (typeof roadClasses)[number]

/** What `roads.flags` may hold; add them up. */
export const roadFlags = {
  /** A slip road or ramp. */
  link: 1,
  roundabout: 2,
  toll: 4,
  tunnel: 8,
  bridge: 16,
  unpaved: 32,
  /** Open to those who start or end on it or on such a road next to it, but not to pass through. */
  noThrough: 64,
} as const
