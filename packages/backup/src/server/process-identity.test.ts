import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { parseStartTime, processIdentity } from './process-identity.ts'

describe('processIdentity', () => {
  it('is the same each time it is asked', async () => {
    const identity = await processIdentity(systemDisk, process.pid)
    expect(identity).toMatchObject({ processId: process.pid })
    expect(identity?.startedAt).not.toBe('')
    expect(await processIdentity(systemDisk, process.pid)).toEqual(identity)
  })

  it('differs from that of another process', async () => {
    const child = spawn('sleep', ['60'])
    const [own, other] = [await processIdentity(systemDisk, process.pid), await processIdentity(systemDisk, child.pid!)]
    expect(other?.startedAt).not.toBe(own?.startedAt)
    expect(other?.space).toBe(own?.space)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await processIdentity(systemDisk, child.pid!)).toBeUndefined()
  })
})

describe('parseStartTime', () => {
  const fields = (state: string) => `${state} ${Array.from({ length: 40 }, (_, index) => 4 + index).join(' ')}`

  it('takes field 22, whatever the name of the program holds', () => {
    expect(parseStartTime(`7 (node) ${fields('S')}`)).toBe('22')
    expect(parseStartTime(`7 (a ) b (c) d) ${fields('R')}`)).toBe('22')
  })

  it('takes a zombie for dead', () => {
    expect(parseStartTime(`7 (node) ${fields('Z')}`)).toBeUndefined()
  })
})
