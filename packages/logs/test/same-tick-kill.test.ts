import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createShipper, memorySink, type Durability } from '@exprsn/logs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const child = fileURLToPath(new URL('kill-child.fixture.ts', import.meta.url))
const kills = 50
const lines = 50
let folder: string

beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

async function killOnce(durability: Durability): Promise<void> {
  const flags = ['--conditions=@exprsn/source', child, `${folder}/spool`, durability, String(lines)]
  const process_ = spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal] = await once(process_, 'exit')
  expect(signal).toBe('SIGKILL')
}

async function adopted(): Promise<readonly number[]> {
  const sink = memorySink()
  const shipper = createShipper({ sinks: [sink], spool: `${folder}/spool`, adoptAfter: 0 })
  await shipper.start()
  await shipper.flush()
  await shipper.close()
  return sink.records.map(({ fields }) => Number(fields.index))
}

describe('a process killed in the tick of its last line', () => {
  it(`loses none of its lines in mode line, in ${kills} kills`, { timeout: 120_000 }, async () => {
    for (let kill = 0; kill < kills; kill += 2) await Promise.all([killOnce('line'), killOnce('line')])
    const found = await adopted()
    expect(found).toHaveLength(kills * lines)
    expect(found.reduce((sum, index) => sum + index, 0)).toBe((kills * lines * (lines - 1)) / 2)
  })

  it('loses what it had not flushed in mode buffered: all of them', { timeout: 30_000 }, async () => {
    await killOnce('buffered')
    expect(await adopted()).toEqual([])
  })
})
