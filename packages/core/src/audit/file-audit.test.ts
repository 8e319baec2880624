import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readFile } from '../disk/read-file.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import { enumerateCrashPoints } from '../testing/crash/enumerate-crash-points.ts'
import type { CrashWorkload } from '../testing/crash/crash-workload.ts'
import { createSimulatedDisk } from '../testing/disk/simulated-disk.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import type { AuditCheckpoint } from './checkpoint.ts'
import { fileAudit } from './file-audit.ts'
import { verifyInclusion } from './inclusion.ts'
import { parseRecord, type AuditHead } from './record.ts'
import { verifyAudit, type AuditEntry, type AuditReport } from './verify-audit.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const signer = { id: 'k1', privateKey }
const publicKeys = { k1: publicKey }
const path = '/audit.log'

async function put(disk: Disk, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(path, 'truncate')
  await file.write(bytes, 0)
  await file.close()
}

/** A log with records 1 to 6, checkpoints after 3 and 6, and the last checkpoint. */
async function sample() {
  const disk = createSimulatedDisk()
  const audit = fileAudit({ path, disk, signer, clock: new SimulatedClock() })
  let trusted: AuditCheckpoint | undefined
  for (let number = 1; number <= 6; number++) {
    await audit.append({ action: 'changed', actor: 'ann', data: { number } })
    if (number % 3 === 0) trusted = await audit.checkpoint()
  }
  await audit.close()
  const entries: AuditEntry[] = []
  for await (const entry of audit.entries()) entries.push(entry)
  return { disk, audit, trusted: trusted!, entries }
}

function verify(entries: readonly AuditEntry[], trusted?: AuditCheckpoint): Promise<AuditReport> {
  return verifyAudit(entries, { publicKeys, trusted })
}

describe('fileAudit', () => {
  it('links records and goes on after a restart', async () => {
    const { disk, audit, entries } = await sample()
    const again = fileAudit({ path, disk, signer })
    const head = await again.append({ action: 'later', subject: 'x' })
    expect(head.sequence).toBe(7)
    expect(await audit.verify({ publicKeys })).toMatchObject({ ok: true, records: 7, checkpoints: 2, head: head.hash })
    expect(entries.map(({ type }) => type[0]).join('')).toBe('rrrcrrrc')
    await again.close()
  })

  it('puts concurrent appends in order, in few writes', async () => {
    const disk = createSimulatedDisk()
    const audit = fileAudit({ path, disk })
    const heads = await Promise.all(
      Array.from({ length: 200 }, (_, number) => audit.append({ action: 'a', data: number })),
    )
    expect(heads.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(await audit.verify()).toMatchObject({ ok: true, records: 200 })
    const lines =
      Buffer.from(await readFile(disk, path))
        .toString()
        .split('\n').length - 1
    expect(lines).toBeLessThan(5)
    await audit.close()
  })

  it('refuses an event that is not JSON, alone', async () => {
    const audit = fileAudit({ path, disk: createSimulatedDisk() })
    const results = await Promise.allSettled([
      audit.append({ action: 'a' }),
      audit.append({ action: 'b', data: { when: new Date() } }),
      audit.append({ action: 'c', data: [1, Number.NaN] }),
      audit.append({ action: 'd' }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { code: 'CORE_AUDIT_VALUE_INVALID', details: { path: '$.data.when' } } })
    expect(await audit.verify()).toMatchObject({ ok: true, records: 2 })
    await audit.close()
  })

  it('has one writer at a time, and none after close', async () => {
    const disk = createSimulatedDisk()
    const [first, second] = [fileAudit({ path, disk }), fileAudit({ path, disk })]
    await first.append({ action: 'a' })
    await expect(second.append({ action: 'b' })).rejects.toMatchObject({ code: 'CORE_AUDIT_LOCKED', retryable: true })
    await first.close()
    expect((await second.append({ action: 'b' })).sequence).toBe(2)
    await expect(first.append({ action: 'c' })).rejects.toMatchObject({ code: 'CORE_AUDIT_CLOSED' })
    await expect(second.checkpoint()).rejects.toMatchObject({ code: 'CORE_AUDIT_SIGNER_MISSING' })
    await second.close()
  })

  it('does not append to a damaged log', async () => {
    const { disk } = await sample()
    const bytes = Uint8Array.from(await readFile(disk, path))
    bytes[bytes.indexOf(0x0a) + 60]! ^= 1
    await put(disk, bytes)
    const audit = fileAudit({ path, disk })
    await expect(audit.append({ action: 'a' })).rejects.toMatchObject({
      code: 'CORE_AUDIT_DAMAGED',
      details: { sequence: 2 },
    })
    await audit.close()
  })

  it('puts a torn end aside and goes on', async () => {
    const { disk } = await sample()
    const bytes = await readFile(disk, path)
    await put(disk, Buffer.concat([bytes, Buffer.from('[{"type":"rec')]))
    const audit = fileAudit({ path, disk })
    expect(await audit.verify({ publicKeys })).toMatchObject({ ok: true, records: 6 })
    expect((await audit.append({ action: 'a' })).sequence).toBe(7)
    expect(Buffer.from(await readFile(disk, `${path}.torn`)).toString()).toBe('[{"type":"rec')
    await audit.close()
  })

  it('detects a change of any byte of the file', async () => {
    const { disk, audit, trusted } = await sample()
    const bytes = Uint8Array.from(await readFile(disk, path))
    const kinds = new Set<string>()
    // The last byte is the end of the last line: without it that line was never finished.
    for (let at = 0; at < bytes.length - 1; at++) {
      bytes[at]! ^= 1 << (at % 8)
      await put(disk, bytes)
      const report = await audit.verify({ publicKeys, trusted })
      bytes[at]! ^= 1 << (at % 8)
      expect(report.ok, `byte ${at}`).toBe(false)
      if (!report.ok) kinds.add(report.kind)
    }
    expect([...kinds]).toContain('altered')
    expect([...kinds]).toContain('forged-checkpoint')
  })
})

describe('verifyAudit', () => {
  it('names an altered record, also when its own hash was made anew', async () => {
    const { entries } = await sample()
    const { linkEvent, emptyHead } = await import('./record.ts')
    const altered = entries.with(1, {
      ...entries[1]!,
      text: (entries[1] as { text: string }).text.replace('ann', 'bob'),
    } as AuditEntry)
    expect(await verify(altered)).toMatchObject({ ok: false, kind: 'altered', sequence: 2 })
    const rewritten = entries.with(1, linkEvent({ action: 'x' }, { sequence: 1, hash: emptyHead.hash }, 0))
    expect(await verify(rewritten)).toMatchObject({ ok: false, kind: 'altered', sequence: 2 })
  })

  it('names a missing, a moved and a doubled record', async () => {
    const { entries } = await sample()
    expect(await verify(entries.toSpliced(1, 1))).toMatchObject({ ok: false, kind: 'missing', sequence: 2 })
    const swapped = entries.with(1, entries[2]!).with(2, entries[1]!)
    expect(await verify(swapped)).toMatchObject({ ok: false, kind: 'reordered', sequence: 2 })
    expect(await verify(entries.toSpliced(2, 0, entries[1]!))).toMatchObject({
      ok: false,
      kind: 'reordered',
      sequence: 2,
    })
  })

  it('names what was cut off, by a checkpoint in the log or kept elsewhere', async () => {
    const { entries, trusted } = await sample()
    const cut = entries.slice(0, 5)
    expect(await verify(cut)).toMatchObject({ ok: true, records: 4 })
    expect(await verify(cut, trusted)).toMatchObject({ ok: false, kind: 'truncated', sequence: 5 })
    expect(await verify([...cut, entries.at(-1)!])).toMatchObject({ ok: false, kind: 'truncated', sequence: 5 })
    expect(await verify([], trusted)).toMatchObject({ ok: false, kind: 'truncated', sequence: 1 })
  })

  it('names a log that was rewritten from some record on, and forged checkpoints', async () => {
    const { trusted } = await sample()
    const disk = createSimulatedDisk()
    const fake = fileAudit({
      path,
      disk,
      signer: { id: 'k1', privateKey: stranger.privateKey },
      clock: new SimulatedClock(),
    })
    for (let number = 1; number <= 6; number++) await fake.append({ action: 'fake', data: { number } })
    expect(await fake.verify({ publicKeys, trusted })).toMatchObject({ ok: false, kind: 'altered', sequence: 1 })
    const own = await fake.checkpoint()
    expect(await fake.verify({ publicKeys })).toMatchObject({ ok: false, kind: 'forged-checkpoint', sequence: 6 })
    expect(await fake.verify({ publicKeys, trusted: own })).toMatchObject({ ok: false, kind: 'forged-checkpoint' })
    expect(await fake.verify({ publicKeys: {}, trusted })).toMatchObject({ ok: false, kind: 'forged-checkpoint' })
    await fake.close()
  })

  it('names a checkpoint that was moved behind later records', async () => {
    const { entries } = await sample()
    const moved = [...entries.toSpliced(3, 1), entries[3]!]
    expect(await verify(moved)).toMatchObject({ ok: false, kind: 'forged-checkpoint', sequence: 3 })
  })
})

describe('prove', () => {
  it('shows each record to someone who has only the public key', async () => {
    const { audit, trusted } = await sample()
    for (let sequence = 1; sequence <= 6; sequence++) {
      const proof = await audit.prove(sequence, trusted)
      expect(parseRecord(proof.record.text)!.sequence).toBe(sequence)
      expect(verifyInclusion(JSON.parse(JSON.stringify(proof)) as typeof proof, publicKeys)).toBe(true)
      const other = await audit.prove((sequence % 6) + 1, trusted)
      expect(verifyInclusion({ ...proof, record: other.record }, publicKeys)).toBe(false)
      expect(verifyInclusion({ ...proof, path: proof.path.slice(1) }, publicKeys)).toBe(false)
      expect(verifyInclusion(proof, { k1: stranger.publicKey })).toBe(false)
    }
    await expect(audit.prove(7, trusted)).rejects.toMatchObject({ code: 'CORE_AUDIT_RECORD_UNKNOWN' })
    await expect(audit.prove(0, trusted)).rejects.toMatchObject({ code: 'CORE_AUDIT_RECORD_UNKNOWN' })
  })
})

type Bug =
  | 'write not synced'
  | 'folder not synced'
  | 'torn end not cut'
  | 'recovery not synced'
  | 'lies about the write'

/** A disk with one mistake that people make in code of this kind. */
function withBug(disk: Disk, bug: Bug | undefined): Disk {
  const changed: Partial<Disk> = {
    async open(...parameters) {
      const file = await disk.open(...parameters)
      return parameters[0] === path ? overlay<DiskFile>(file, fileBugs(file, bug)) : file
    },
  }
  if (bug === 'folder not synced') changed.fsyncFolder = async () => {}
  return overlay(disk, changed)
}

function fileBugs(file: DiskFile, bug: Bug | undefined): Partial<DiskFile> {
  if (bug === 'write not synced') return { fdatasync: async () => {} }
  if (bug === 'torn end not cut') return { truncate: async () => {} }
  if (bug === 'recovery not synced') return { fsync: async () => {} }
  if (bug === 'lies about the write')
    return { write: async (bytes, at) => void (bytes.length > 500 || (await file.write(bytes, at))) }
  return {}
}

function overlay<Target extends object>(target: Target, changes: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(name in changes ? changes : target, name)
      return typeof value === 'function' ? (value.bind(name in changes ? changes : target) as unknown) : value
    },
  })
}

interface Recovered {
  readonly head: AuditHead
  readonly report: AuditReport
}

/** Appends of one to three events at a time; after each crash the log is opened by another append. */
function workload(bug?: Bug): CrashWorkload<Recovered, AuditHead> {
  const open = (disk: Disk) => fileAudit({ path, disk: withBug(disk, bug), clock: new SimulatedClock() })
  return {
    async run({ disk, acknowledge }) {
      const audit = open(disk)
      for (let round = 0; round < 5; round++) {
        const events = Array.from({ length: (round % 3) + 1 }, () => ({ action: 'a', data: 'x'.repeat(400) }))
        await Promise.all(events.map(async (event) => acknowledge(await audit.append(event))))
      }
      await audit.close()
    },
    async recover(disk) {
      const audit = open(disk)
      const head = await audit.append({ action: 'recovered' })
      await audit.close()
      return { head, report: await audit.verify() }
    },
    async check({ disk, recovered, acknowledged }) {
      expect(recovered.report).toMatchObject({ ok: true, records: recovered.head.sequence })
      expect(recovered.head.sequence).toBeGreaterThan(acknowledged.length)
      const audit = fileAudit({ path, disk })
      const hashes: string[] = []
      for await (const entry of audit.entries()) if (entry.type === 'record') hashes.push(entry.hash)
      for (const { sequence, hash } of acknowledged) expect(hashes[sequence - 1]).toBe(hash)
    },
  }
}

describe('a crash of the file form', () => {
  it('loses nothing that was acknowledged, at every point of 10 seeds', async () => {
    const report = await enumerateCrashPoints(workload(), { seeds: 10 })
    expect(report.violations.slice(0, 2)).toEqual([])
    expect(report.points).toBeGreaterThan(150)
  })

  it.each<Bug>(['write not synced', 'folder not synced', 'torn end not cut', 'lies about the write'])(
    'finds the planted bug: %s',
    async (bug) => {
      const report = await enumerateCrashPoints(workload(bug), { seeds: 10, stopAtFirst: true })
      expect(report.violations).toHaveLength(1)
    },
  )
})
