declare module 'osm-pbf-parser' {
  /** A stream that takes the bytes of a PBF file and gives lists of items. */
  export default function parser(): NodeJS.ReadWriteStream
}
