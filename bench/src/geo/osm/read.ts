import { Readable } from 'node:stream'
import { readFile } from 'node:fs/promises'
import { createOsmThreads, readOsm, type OsmBlock, type OsmTags, type ReadOsmOptions } from '@exprsn/geo/osm'
import parser from 'osm-pbf-parser'
import { sharedData } from '../../../../testing/src/shared-data.ts'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../../core/resilience/compare-calls.ts'

/** Unpacks and decodes into objects, one for each node, way and relation. */
const osmPbfParser = npmPeer('osm-pbf-parser')

/** What was read, as sums that do not depend on the order: nothing may be skipped to get them. */
class Sums {
  nodes = 0
  ways = 0
  relations = 0
  places = 0
  ids = 0
  references = 0
  tags = 0

  /** Cheap, so that not the summing is measured: length, first and last character. */
  textSum(text: string): number {
    return text === '' ? 0 : text.length * 65_536 + text.charCodeAt(0) * 256 + text.charCodeAt(text.length - 1)
  }

  digest(): string {
    const { nodes, ways, relations, places, ids, references, tags } = this
    return JSON.stringify({ nodes, ways, relations, places, ids, references, tags })
  }
}

/** Sums that get too large begin anew, as on a clock: rounded ones would differ by the order in which they were added. */
function around(sum: number): number {
  return sum >= 2 ** 52 ? sum - 2 ** 52 : sum
}

interface ReadBenchmark {
  readonly name: string
  readonly target: number
  readonly measure: 'cpu' | 'wall'
  readonly threads: number
  /** How often the extract is repeated. */
  readonly times: number
}

/** MB of packed file a second: Liechtenstein many times over, in memory, every id, place, tag, reference and member summed up. */
export function compareReading({ name, target, measure, threads, times }: ReadBenchmark): Benchmark {
  return {
    name,
    target,
    measure,
    unit: 'MB/s',
    better: 'higher',
    peers: [osmPbfParser],
    async prepare({ quick }) {
      const path = sharedData('geo/osm/liechtenstein.osm.pbf')
      if (path === undefined) throw new Error('The shared data is not there: set EXPRSN_SHARED.')
      const bytes = repeated(await readFile(path), quick ? times / 3 : times)
      // Kept from round to round, as a service keeps them from file to file.
      const kept = threads === 0 ? undefined : createOsmThreads({ threads })
      const read = (subject: string): Promise<Sums> =>
        subject === ours ? readOurs(bytes, { threads: kept }) : readPeer(bytes)
      return {
        async run(subject) {
          const cpu = process.cpuUsage()
          const begin = performance.now()
          const sums = await read(subject)
          const { user, system } = process.cpuUsage(cpu)
          const seconds = measure === 'cpu' ? (user + system) / 1e6 : (performance.now() - begin) / 1e3
          return { value: bytes.length / 1e6 / seconds, hash: sums.digest() }
        },
        async close() {
          await kept?.close()
        },
      }
    },
  }
}

/** The header, and the blobs with data so many times. */
function repeated(file: Buffer, times: number): Buffer {
  const header = file.readUInt32BE(0)
  // Behind the header of the first blob stands how long the blob is: field 3, the last one.
  let [size, shift, at] = [0, 0, 4 + header - 1]
  while (file[at]! !== 0x18) at--
  for (at++; ; at++, shift += 7) {
    size |= (file[at]! & 127) << shift
    if (file[at]! < 128) break
  }
  const begin = 4 + header + size
  return Buffer.concat([file.subarray(0, begin), ...Array<Buffer>(times).fill(file.subarray(begin))])
}

async function readOurs(bytes: Uint8Array, options: ReadOsmOptions): Promise<Sums> {
  const sums = new Sums()
  for await (const block of readOsm(bytes, options)) addBlock(sums, block)
  return sums
}

function addBlock(sums: Sums, { texts, nodes, ways, relations }: OsmBlock): void {
  const known = new Int32Array(texts.length)
  for (let place = 0; place < known.length; place++) known[place] = sums.textSum(texts.at(place))
  sums.nodes += nodes.ids.length
  sums.ways += ways.ids.length
  sums.relations += relations.ids.length
  sums.ids = around(sums.ids + total(nodes.ids) + total(ways.ids) + total(relations.ids))
  sums.places = around(sums.places + total(nodes.longitudes) + total(nodes.latitudes) * 3)
  sums.references = around(sums.references + total(ways.nodes) + total(relations.members) + total(relations.types))
  for (let at = 0; at < relations.roles.length; at++)
    sums.references = around(sums.references + known[relations.roles[at]!]!)
  sums.tags += tagSum(nodes.tags, known) + tagSum(ways.tags, known) + tagSum(relations.tags, known)
}

function total(list: Float64Array | Int32Array | Uint8Array): number {
  let sum = 0
  for (let at = 0; at < list.length; at++) sum += list[at]!
  return sum
}

function tagSum({ pairs }: OsmTags, known: Int32Array): number {
  let sum = 0
  for (let at = 0; at < pairs.length; at += 2) sum += known[pairs[at]!]! + known[pairs[at + 1]!]! * 3
  return sum
}

interface PeerItem {
  readonly type: 'node' | 'way' | 'relation'
  readonly id: number
  readonly lat: number
  readonly lon: number
  readonly tags: Readonly<Record<string, string>>
  readonly refs: readonly number[]
  readonly members: readonly { readonly type: string; readonly id: number; readonly role: string }[]
}

const memberTypes = ['node', 'way', 'relation']

function readPeer(bytes: Uint8Array): Promise<Sums> {
  const sums = new Sums()
  return new Promise((resolve, reject) => {
    const stream = parser()
    stream.on('data', (items: readonly PeerItem[]) => {
      for (const item of items) addItem(sums, item)
    })
    stream.on('end', () => resolve(sums))
    stream.on('error', reject)
    Readable.from(pieces(bytes)).pipe(stream)
  })
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

function addItem(sums: Sums, item: PeerItem): void {
  sums.ids = around(sums.ids + item.id)
  if (item.type === 'node') {
    sums.nodes++
    sums.places = around(sums.places + Math.round(item.lon * 1e7) + Math.round(item.lat * 1e7) * 3)
  } else if (item.type === 'way') {
    sums.ways++
    for (const node of item.refs) sums.references = around(sums.references + node)
  } else {
    sums.relations++
    for (const { type, id, role } of item.members)
      sums.references = around(sums.references + id + memberTypes.indexOf(type) + sums.textSum(role))
  }
  for (const key in item.tags) sums.tags += sums.textSum(key) + sums.textSum(item.tags[key]!) * 3
}
