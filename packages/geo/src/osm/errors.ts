import { defineErrors } from '@exprsn/core'

/** What goes wrong while OpenStreetMap data is read. Offsets count from 0. */
export const osmErrors = defineErrors({
  GEO_OSM_INVALID: {
    message: 'The OpenStreetMap data is not valid at byte {offset}: {reason}.',
    help: 'The file is damaged or of another format: fetch it again and compare its checksum.',
    status: 400,
  },
  GEO_OSM_TRUNCATED: {
    message: 'The OpenStreetMap data ends at byte {length} within what begins at byte {offset}.',
    help: 'The file was cut off on its way: fetch it again and compare its size.',
    status: 400,
  },
  GEO_OSM_LIMIT: {
    message: 'The OpenStreetMap data has {what} of {size} bytes at byte {offset}, more than the {limit} allowed.',
    help: 'No program writes such files by itself: do not trust it.',
    status: 413,
  },
  GEO_OSM_UNSUPPORTED: {
    message: 'The OpenStreetMap data needs "{feature}", which is not supported.',
    help: 'Write it anew without that, for instance with "osmium cat" as .osm.pbf with zlib compression.',
    status: 415,
  },
  GEO_OSM_GEOJSON_INVALID: {
    message: 'The GeoJSON is not valid at {where}: {reason}.',
    help: 'Roads are LineStrings of [longitude, latitude] in degrees, in features whose properties are the tags.',
    status: 400,
  },
  GEO_OSM_FORMAT_UNKNOWN: {
    message: 'The data looks like neither .osm.pbf nor .osm nor GeoJSON.',
    help: 'Pass a file of one of these formats, the latter two also packed with gzip.',
    status: 415,
  },
})
