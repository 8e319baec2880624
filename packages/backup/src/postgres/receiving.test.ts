import { silentLogger, systemClock, type Clock } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeConnector, row, type FakeServer, type FakeStream } from '../../test/fake-connector.ts'
import { makeWal } from '../../test/make-wal.ts'
import { postgresErrors } from '../replication/errors.ts'
import type { Archiver } from './archive/archiver.ts'
import { createReceiving } from './receiving.ts'

const wal = makeWal({ records: [{ data: Buffer.alloc(400_000) }] })
const start = 0x1000000n
let folder = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

/** A server with a slot at the beginning of the log; `stream` is called with the number of streams there were before. */
function server(stream: (stream: FakeStream, before: number) => Promise<[]>, refuse?: () => Error | undefined) {
  let streams = 0
  const fake: FakeServer = {
    answer(command) {
      if (command === 'IDENTIFY_SYSTEM')
        return row({ systemid: '77', timeline: '1', xlogpos: '0/9000000', dbname: null })
      if (command.startsWith('SHOW')) return row({ wal_segment_size: '1MB' })
      if (command.startsWith('READ')) return row({ slot_type: 'physical', restart_lsn: '0/1000028', restart_tli: '1' })
      return undefined
    },
    stream: (each) => stream(each, streams++),
    ...(refuse === undefined ? {} : { refuse }),
  }
  return fakeConnector(fake)
}

/** An archive that is as far as a test says, and counts its passes. */
function archiveAt(archived: () => bigint, timeline = 1) {
  const passes: boolean[] = []
  const archiver = {
    async archive({ partial = false } = {}) {
      passes.push(partial)
    },
    async exclusively() {},
    status: () => ({ archived: archived(), timeline, lastSuccess: undefined, failure: undefined, damaged: [] }),
  } as unknown as Archiver
  return { archiver, passes }
}

function receivingFrom(connector: ReturnType<typeof fakeConnector>, archiver: Archiver, clock: Clock = systemClock) {
  const rest = { slot: 's', spool: folder, archiveEvery: '1h', disk: systemDisk, logger: silentLogger } as const
  return createReceiving({ connector, archiver, clock, ...rest })
}

/** A promise that a test settles. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}

const lost = () => postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server: 'fake', reason: 'for this test' })
const untilEnded = async ({ ended }: FakeStream): Promise<[]> => {
  await ended
  return []
}
const sendAll = async (stream: FakeStream): Promise<[]> => {
  await stream.data(start, wal.bytes)
  return untilEnded(stream)
}

/** A receiver in use that has lost its connection and gets no other before a test lets it. */
async function interrupted() {
  const cut = gate()
  let refusal: Error | undefined
  const connector = server(
    async (stream, before) => {
      if (before > 0) return untilEnded(stream)
      await cut.passed
      throw lost()
    },
    () => refusal,
  )
  const receiving = receivingFrom(connector, archiveAt(() => 0n).archiver)
  const receiver = await receiving.use()
  refusal = lost()
  cut.open()
  await expect.poll(() => receiver.position().state, { timeout: 120_000 }).not.toBe('streaming')
  return { receiving, receiver, refuse: (error: Error | undefined) => void (refusal = error) }
}

describe('createReceiving', () => {
  it('lets a second user wait until a receiver that lost its connection streams again', async () => {
    const { receiving, receiver, refuse } = await interrupted()
    const second = receiving.use()
    refuse(undefined)
    expect(await second).toBe(receiver)
    expect(receiver.position().state).toBe('streaming')
    await receiving.release()
    await receiving.release()
  })

  it('rejects a user who waits when the receiver gives up, and is used again afterwards', async () => {
    const { receiving, receiver, refuse } = await interrupted()
    const refusal = postgresErrors.BACKUP_POSTGRES_LOGIN_REFUSED({ server: 'fake', user: 'u', reason: 'for this test' })
    const second = receiving.use()
    refuse(refusal)
    await expect(second).rejects.toBe(refusal)
    refuse(undefined)
    expect(await receiving.use()).not.toBe(receiver)
    await receiving.release()
    await receiving.release()
  })

  it('tells of what is no error as a registered one', async () => {
    const refusal = 'a text that a connector threw' as unknown as Error
    const receiving = receivingFrom(
      server(untilEnded, () => refusal),
      archiveAt(() => 0n).archiver,
    )
    receiving.keep()
    await expect
      .poll(() => receiving.failure(), { timeout: 120_000 })
      .toMatchObject({ code: 'BACKUP_WAL_FAILED', cause: refusal })
    await receiving.release()
  })

  it.each([
    ['nothing more when all of it is there already', wal.bytes.length, 1, []],
    ['what came after the last pass', wal.bytes.length - 1, 1, [true]],
    ['what is of another timeline than the archive', wal.bytes.length, 2, [true]],
    ['what is there when nothing is archived', -Number(start), 0, [true]],
  ])('archives at the end %s', async (_, archived, timeline, expected) => {
    const { archiver, passes } = archiveAt(() => start + BigInt(archived), timeline)
    const receiving = receivingFrom(server(sendAll), archiver)
    const receiver = await receiving.use()
    await receiver.waitFor(start + BigInt(wal.bytes.length))
    await receiving.release()
    expect(passes).toEqual(expected)
  })
})
