import type { ConformanceCase } from '@exprsn/core/testing'
import type { SinkFault } from './log-service.ts'
import { makeTemporaryFolder, readFile, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { createShipper } from '../shipper/create-shipper.ts'
import type { Sink } from '../sink/sink.ts'
import { testingErrors } from './errors.ts'

/** A sink and the service behind it. */
export interface SinkSubject {
  readonly sink: Sink
  /** Lets the next calls of the service fail; resolves at once. A fault that the service cannot have is not asked for. */
  fail(fault: SinkFault, times: number): void
  readonly faults: readonly SinkFault[]
  /** The `msg` of every line in the service, repetitions as often as they are there. */
  messages(): Promise<readonly string[]>
  /** Whether the service keeps a line once that comes twice. */
  readonly recognisesRepetitions: boolean
}

const lines = 300

interface Shipped {
  readonly messages: readonly string[]
  /** Messages of the dead letters. */
  readonly dead: readonly string[]
  readonly failures: number
}

/** Ships lines through a sink whose service fails for a while, and gives what arrived. */
async function ship(
  subject: SinkSubject,
  fault: SinkFault | undefined,
  times: number,
  poison?: number,
): Promise<Shipped> {
  const folder = await makeTemporaryFolder(systemDisk)
  try {
    const sink: Sink = { ...subject.sink, linger: 0, limits: { records: 60 } }
    const shipper = createShipper({ sinks: [sink], spool: `${folder}/spool`, linger: 5, backoff: 2, maxBackoff: 20 })
    if (fault !== undefined) subject.fail(fault, times)
    for (let index = 0; index < lines; index++) {
      const msg = index === poison ? `poison ${index}` : `line ${index}`
      shipper.write(JSON.stringify({ level: 30, time: 1_795_000_000_000 + index, msg, text: '"ünïcode\n' }))
    }
    const { pending } = await shipper.flush({ deadline: '20s' })
    const { failures } = shipper.status().sinks[0]!
    await shipper.close()
    if (pending > 0) throw testingErrors.LOGS_TESTING_CONFORMANCE({ expected: 'no line pending', seen: `${pending}` })
    return {
      messages: await subject.messages(),
      dead: await deadMessages(systemDisk, `${folder}/spool/dead-letters`),
      failures,
    }
  } finally {
    await removeTree(systemDisk, folder)
  }
}

function expectAll(subject: SinkSubject, { messages, dead }: Shipped, poison?: number): void {
  const arrived = new Set(messages)
  const missing = Array.from({ length: lines }, (_, index) =>
    index === poison ? `poison ${index}` : `line ${index}`,
  ).filter((message) => !arrived.has(message) && !dead.includes(message))
  if (missing.length > 0)
    throw testingErrors.LOGS_TESTING_CONFORMANCE({
      expected: 'every line',
      seen: `${missing.length} missing, first "${missing[0]}"`,
    })
  const repeated = messages.length - arrived.size
  if (subject.recognisesRepetitions && repeated > 0)
    throw testingErrors.LOGS_TESTING_CONFORMANCE({ expected: 'every line once', seen: `${repeated} repeated` })
}

function expectFailure({ failures }: Shipped): void {
  if (failures === 0)
    throw testingErrors.LOGS_TESTING_CONFORMANCE({ expected: 'the fault to strike', seen: 'no failed attempt' })
}

async function deadMessages(disk: Disk, folder: string): Promise<string[]> {
  const texts: string[] = []
  try {
    for await (const { name } of disk.entries(folder))
      texts.push(Buffer.from(await readFile(disk, `${folder}/${name}`)).toString())
  } catch {
    // No folder, no dead letters.
  }
  const letters = texts.flatMap((text) => text.split('\n').filter(Boolean))
  return letters.map((letter) => (JSON.parse((JSON.parse(letter) as { line: string }).line) as { msg: string }).msg)
}

/** Cases with a fault that passes: [name, fault, calls that fail, whether an attempt must have failed]. */
const passing: readonly (readonly [string, SinkFault, number, boolean])[] = [
  ['outage: lines wait and arrive when the service is back', 'outage', 6, true],
  ['429 with Retry-After: the service is asked again when it wishes', 'busy', 4, true],
  ['partial success: only what was put off is sent again', 'partial', 3, false],
  ['reset: a connection that breaks before the answer loses nothing', 'reset', 4, true],
  ['200, then a crash: lines whose answer was lost are sent again', 'answer-lost', 3, true],
  ['slow: an answer that takes its time is waited for', 'slow', 3, false],
  ['wrong credentials: lines wait until they are put right', 'unauthorized', 4, true],
  ['too large: a batch that is not taken whole is taken in parts', 'too-large', 200, false],
]

/** What every sink has to do. */
export const sinkConformance: readonly ConformanceCase<SinkSubject>[] = [
  {
    name: 'good health: every line arrives once',
    async run(subject) {
      expectAll(subject, await ship(subject, undefined, 0))
    },
  },
  ...passing.map(([name, fault, times, fails]) => ({
    name,
    async run(subject: SinkSubject) {
      if (!subject.faults.includes(fault)) return
      const shipped = await ship(subject, fault, times)
      expectAll(subject, shipped)
      if (fails) expectFailure(shipped)
      if (shipped.dead.length > 0)
        throw testingErrors.LOGS_TESTING_CONFORMANCE({ expected: 'no dead letter', seen: `${shipped.dead.length}` })
    },
  })),
  {
    name: 'poison: one line that is never taken becomes a dead letter, and holds up no other',
    async run(subject) {
      if (!subject.faults.includes('poison')) return
      const shipped = await ship(subject, 'poison', 1_000_000, 137)
      expectAll(subject, shipped, 137)
      if (shipped.dead.length !== 1 || shipped.messages.includes('poison 137'))
        throw testingErrors.LOGS_TESTING_CONFORMANCE({ expected: 'one dead letter', seen: `${shipped.dead.length}` })
    },
  },
]
