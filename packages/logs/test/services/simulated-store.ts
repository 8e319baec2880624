import { readFile, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import type { KeptPlaces, Sink } from '@exprsn/logs'

/** What one sealed segment holds: lines, and where each source goes on behind them. */
interface Sealed {
  readonly lines: readonly string[]
  readonly places: Readonly<Record<string, number>>
}

/** A store as the shipper sees it. */
export interface SimulatedStore extends Sink {
  readonly places: KeptPlaces
  /** Bytes that it has written. */
  readonly written: number
}

const folder = '/store'

/**
 * Behaves like an embedded store without a log of its own: lines are in memory until there are enough for a segment, which
 * is made durable together with the places behind it, or until somebody asks for it.
 */
export function simulateStore(disk: Disk, linesPerSegment: number): SimulatedStore {
  let lines: string[] = []
  let written = 0
  let segments: number | undefined
  /** What the sealed segments say, and what is in memory as well. */
  const safe: Record<string, number> = {}
  const taken: Record<string, number> = {}

  async function open(): Promise<number> {
    if (segments !== undefined) return segments
    await disk.makeFolder(folder)
    await disk.fsyncFolder('/')
    const sealed = await sealedSegments(disk)
    for (const { places } of sealed) Object.assign(safe, places)
    Object.assign(taken, safe)
    return (segments = sealed.length)
  }

  async function seal(): Promise<void> {
    const count = await open()
    if (lines.length === 0) return
    const content: Sealed = { lines, places: { ...taken } }
    const bytes = Buffer.from(JSON.stringify(content))
    await writeFileAtomic(disk, `${folder}/${String(count).padStart(6, '0')}`, bytes)
    segments = count + 1
    written += bytes.length
    Object.assign(safe, content.places)
    lines = []
  }

  return {
    name: 'store',
    limits: { records: 7 },
    get written() {
      return written
    },
    places: {
      async positionOf(source) {
        await open()
        return safe[source] ?? 1
      },
      settle: seal,
    },
    async send({ records }) {
      await open()
      for (const { id, text } of records) {
        const dash = id.lastIndexOf('-')
        const [source, sequence] = [id.slice(0, dash), Number(id.slice(dash + 1))]
        if (sequence < (taken[source] ?? 1)) continue
        lines.push(text)
        taken[source] = sequence + 1
      }
      if (lines.length >= linesPerSegment) await seal()
    },
  }
}

/** Everything that is durable in the store. */
export async function linesOfStore(disk: Disk): Promise<readonly string[]> {
  return (await sealedSegments(disk)).flatMap(({ lines }) => lines)
}

async function sealedSegments(disk: Disk): Promise<Sealed[]> {
  const names = disk.entriesSync(folder).map(({ name }) => name)
  const whole = names.filter((name) => /^\d{6}$/.test(name)).sort()
  return Promise.all(
    whole.map(async (name) => JSON.parse(Buffer.from(await readFile(disk, `${folder}/${name}`)).toString()) as Sealed),
  )
}
