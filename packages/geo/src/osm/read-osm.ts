import type { Disk } from '@exprsn/core/disk'
import { systemDisk } from '@exprsn/core/disk'
import { byteSource, gunzip, peek, type OsmInput } from './byte-source.ts'
import { osmErrors } from './errors.ts'
import { largestGeojson, readRoadGeojson } from './geojson/read-road-geojson.ts'
import type { OsmBlock } from './osm-block.ts'
import type { OsmThreads } from './osm-threads.ts'
import { checkSize } from './pbf/read-blobs.ts'
import { readPbf } from './pbf/read-pbf.ts'
import { readOsmXml } from './xml/read-osm-xml.ts'

/** Options of {@link readOsm}. */
export interface ReadOsmOptions {
  /**
   * Worker threads that unpack and decode PBF: so many for this file, or those that {@link createOsmThreads} keeps from file to
   * file. With 0 it is done in this thread. @default 0
   */
  readonly threads?: number | OsmThreads | undefined
  /** Tags for the lines of GeoJSON that lack them, such as `{ highway: 'residential' }`. @default {} */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Called with the bytes read so far, and how many there are if that is known. */
  readonly onProgress?: ((progress: { readonly bytes: number; readonly total: number | undefined }) => void) | undefined
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
}

/**
 * Reads OpenStreetMap data: `.osm.pbf` (blobs plain or packed with zlib, zstd or LZ4), `.osm` XML, or lines in GeoJSON, the
 * latter two also packed with gzip. The content decides, not the name. Nothing is read before the first step; blocks come in
 * the order of the file, and memory holds a few of them.
 *
 * @throws `GEO_OSM_INVALID`, `GEO_OSM_TRUNCATED`, `GEO_OSM_LIMIT`, `GEO_OSM_UNSUPPORTED`, `GEO_OSM_GEOJSON_INVALID`,
 * `GEO_OSM_FORMAT_UNKNOWN`, what the input throws, the signal's reason
 * @example
 * ```ts
 * import { readOsm } from '@exprsn/geo/osm'
 *
 * const xml = '<osm><node id="1" lat="47.14" lon="9.52"><tag k="name" v="Vaduz"/></node></osm>'
 * for await (const { nodes, texts } of readOsm(new TextEncoder().encode(xml)))
 *   console.log(nodes.longitudes[0], texts.at(nodes.tags.pairs[1]!)) // 95200000 Vaduz
 * ```
 */
export async function* readOsm(
  input: OsmInput,
  { threads = 0, tags = {}, onProgress, signal, disk = systemDisk }: ReadOsmOptions = {},
): AsyncGenerator<OsmBlock, void, undefined> {
  const { first, source } = await peek(byteSource(input, { disk, signal, onProgress }), peeked)
  const format = formatOf(first)
  if (format === 'pbf') yield* readPbf(source, { threads, signal })
  else yield* readText(format === 'gzip' ? gunzip(source) : source, tags)
}

/** Enough to tell formats apart, blank lines at the top included. */
const peeked = 64

async function* readText(packed: AsyncIterable<Uint8Array>, tags: Readonly<Record<string, string>>) {
  const { first, source } = await peek(packed, peeked)
  const format = formatOf(first)
  if (format === 'xml') yield* readOsmXml(source)
  else if (format === 'json') yield readRoadGeojson(await textOf(source), tags)
  else throw osmErrors.GEO_OSM_FORMAT_UNKNOWN()
}

function formatOf(first: Uint8Array): 'pbf' | 'gzip' | 'xml' | 'json' {
  const text = Buffer.from(first).toString('latin1').replace('\u00ef\u00bb\u00bf', '').trimStart()
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (text.startsWith('<')) return 'xml'
  if (text.startsWith('{')) return 'json'
  // The length of the first header, below 64 KiB.
  if (first.length >= 4 && first[0] === 0 && first[1] === 0) return 'pbf'
  throw osmErrors.GEO_OSM_FORMAT_UNKNOWN()
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of source) {
    size += piece.length
    checkSize('GeoJSON', size, { limit: largestGeojson, offset: 0 })
    pieces.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}
