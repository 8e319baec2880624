import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { AuditCheckpoint } from '../../src/audit/checkpoint.ts'
import { fileAudit } from '../../src/audit/file-audit.ts'
import { createSimulatedDisk } from '../../src/testing/disk/simulated-disk.ts'

interface AuditMuseum {
  readonly publicKey: string
  readonly trusted: AuditCheckpoint
  readonly file: string
}

describe('audit files of every released version', () => {
  it.each(['audit-log-v1'])('%s verifies and goes on', async (name) => {
    const text = await readFile(new URL(`../fixtures/formats/${name}.json`, import.meta.url), 'utf8')
    const { publicKey, trusted, file } = JSON.parse(text) as AuditMuseum
    const disk = createSimulatedDisk()
    const written = await disk.open('/audit.log', 'create')
    await written.write(Buffer.from(file), 0)
    await written.close()
    await using audit = fileAudit({ path: '/audit.log', disk })
    const options = { publicKeys: { v1: publicKey }, trusted }
    expect(await audit.verify(options)).toMatchObject({ ok: true, records: 4, checkpoints: 1 })
    expect((await audit.append({ action: 'later' })).sequence).toBe(5)
    expect(await audit.verify(options)).toMatchObject({ ok: true, records: 5 })
  })
})
