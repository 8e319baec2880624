import { systemDisk, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { graphErrors } from '../errors.ts'
import type { RoadGraph } from '../road-graph.ts'
import { decodeSections } from './decode-sections.ts'
import { encodeSections } from './encode-sections.ts'
import { graphOf, sectionsOf } from './graph-sections.ts'
import type { Section } from './section.ts'

/** Options of {@link saveGraph}. */
export interface SaveGraphOptions {
  /** Lists that belong to the graph and go into the same file, such as those of a router. @default none */
  readonly sections?: ReadonlyMap<string, Section> | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends writing; an earlier file stays as it is. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link openGraph}. */
export interface OpenGraphOptions {
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined
}

/** A file that is open: everything lies in memory that threads share. */
export interface OpenedGraph {
  readonly graph: RoadGraph
  /** All sections, those of the graph among them. */
  readonly sections: ReadonlyMap<string, Section>
  /** The whole file. Sent to another thread it is shared, not copied; so are the graph and its lists. */
  readonly memory: SharedArrayBuffer
}

const pieceSize = 16 * 2 ** 20

/**
 * Writes a graph to a file, all or nothing.
 *
 * @throws The disk's errors, the signal's reason
 * @example
 * ```ts no-run
 * import { buildGraph, openGraph, profiles, saveGraph } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 *
 * await saveGraph(await buildGraph(readOsm('liechtenstein.osm.pbf'), { profile: profiles.car }), 'car.graph')
 * const { graph } = await openGraph('car.graph')
 * console.log(graph.profile, graph.roads.lengths.length)
 * ```
 */
export async function saveGraph(
  graph: RoadGraph,
  path: string,
  { sections = new Map(), disk = systemDisk, signal }: SaveGraphOptions = {},
): Promise<void> {
  await writeFileAtomic(disk, path, encodeSections(sectionsOf(graph, sections)), { signal })
}

/**
 * Opens a file that {@link saveGraph} wrote: it is read into shared memory as it is, and checked.
 *
 * @throws `GEO_GRAPH_FILE_INVALID`, `GEO_GRAPH_FILE_VERSION`, the disk's errors, the signal's reason
 * @example
 * ```ts no-run
 * import { openGraph } from '@exprsn/geo/graph'
 *
 * const { graph, sections } = await openGraph('car.graph')
 * console.log(graph.profile, [...sections.keys()])
 * ```
 */
export async function openGraph(
  path: string,
  { disk = systemDisk, signal }: OpenGraphOptions = {},
): Promise<OpenedGraph> {
  const memory = await readShared(path, { disk, signal })
  const file = decodeSections(new Uint8Array(memory))
  return { graph: graphOf(file), sections: file.sections, memory }
}

/** Reads a file into memory that threads share. */
export async function readShared(
  path: string,
  { disk = systemDisk, signal }: OpenGraphOptions = {},
): Promise<SharedArrayBuffer> {
  const file = await disk.open(path, 'read')
  try {
    const { size } = await file.stat()
    const memory = new SharedArrayBuffer(size)
    const bytes = new Uint8Array(memory)
    for (let at = 0; at < size;) {
      signal?.throwIfAborted()
      const got = await file.read(bytes.subarray(at, at + pieceSize), at)
      if (got === 0)
        throw graphErrors.GEO_GRAPH_FILE_INVALID({ offset: at, reason: 'it became shorter while it was read' })
      at += got
    }
    return memory
  } finally {
    await file.close()
  }
}
