import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memorySink, type Sink } from '@exprsn/logs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startService } from '../src/service.ts'
import { sinksFrom } from '../src/sinks.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-ship-logs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the service', () => {
  it('loses no line of an outage, and masks what is personal', async () => {
    const memory = memorySink()
    let isUp = false
    const sink: Sink = {
      name: 'memory',
      send: (...call) => (isUp ? memory.send(...call) : Promise.reject(new Error('down'))),
    }
    const service = await startService({ port: 0, folder, sinks: [sink] })
    for (let index = 0; index < 20; index++) expect((await fetch(`${service.url}/orders/A-${index}`)).status).toBe(200)
    expect(memory.records).toHaveLength(0)
    isUp = true
    expect(await service.shipper.flush()).toEqual({ pending: 0 })
    const shown = memory.records.filter(({ fields }) => fields.msg === 'order shown')
    expect(shown.map(({ fields }) => fields.order)).toEqual(Array.from({ length: 20 }, (_, index) => `A-${index}`))
    expect(shown.map(({ text }) => text).join()).not.toContain('ann@example.com')
    expect(await (await fetch(`${service.url}/logs`)).json()).toMatchObject({ dropped: { full: 0, failed: 0 } })
    await service.close()
  })

  it('writes to a file without a log server, health checks left out', async () => {
    const service = await startService({ port: 0, folder, sinks: sinksFrom({}, folder) })
    await fetch(`${service.url}/healthz`)
    await fetch(`${service.url}/orders/A-1`)
    await service.close()
    const text = readFileSync(`${folder}/app.ndjson`, 'utf8')
    expect(text).toContain('order shown')
    expect(text).not.toContain('"url":"/healthz"')
  })
})
