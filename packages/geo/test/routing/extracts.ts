/** Real networks of the shared data. */
export const extracts = [
  'liechtenstein.osm.pbf',
  'monaco-2021.osm.pbf',
  'andorra-roads.osm.pbf',
  'north-bayreuth.osm.gz',
  'monaco.osm.gz',
] as const
