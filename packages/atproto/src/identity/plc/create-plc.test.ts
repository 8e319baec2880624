import { SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { importSigningKey, type SigningKey } from '../../crypto/index.ts'
import { createPlc, type Plc } from './create-plc.ts'
import { MemoryDirectory } from '../../../test/identity/memory-directory.ts'
import { verifyPlcLog } from './plc-log.ts'
import { signOperation } from './plc-signature.ts'

const hour = 60 * 60_000
const keyOf = (byte: number): SigningKey =>
  importSigningKey(byte % 2 === 0 ? 'k256' : 'p256', new Uint8Array(32).fill(byte))
const recovery = keyOf(2)
const daily = keyOf(3)
const stranger = keyOf(4)
const signingKey = keyOf(5).didKey
const fresh = { handle: 'alice.example.com', pds: 'https://pds.example.com', signingKey }

let clock: SimulatedClock
let directory: MemoryDirectory
let plc: Plc
let did: string

const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(async () => {
  clock = new SimulatedClock({ now: Date.parse('2026-11-21T00:00:00Z') })
  directory = new MemoryDirectory(clock)
  plc = createPlc({ directory, clock })
  const rotationKeys = [recovery.didKey, daily.didKey]
  did = (await plc.create({ ...fresh, rotationKeys, signer: daily })).did
  await clock.advanceBy(1000)
})

describe('creating', () => {
  it('makes an identity whose name is the hash of its first operation', async () => {
    expect(did).toMatch(/^did:plc:[a-z2-7]{24}$/)
    const { state, head, entries } = await plc.log(did)
    expect(state).toEqual({
      rotationKeys: [recovery.didKey, daily.didKey],
      verificationMethods: { atproto: signingKey },
      alsoKnownAs: ['at://alice.example.com'],
      services: { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint: 'https://pds.example.com' } },
    })
    expect(head.signedBy).toBe(daily.didKey)
    expect(entries).toHaveLength(1)
  })

  it('tells the DID in a dry run and hands nothing in', async () => {
    const before = directory.logs.size
    const { did: planned } = await plc.create({ ...fresh, handle: 'bob.example.com', signer: daily, dryRun: true })
    expect(planned).not.toBe(did)
    expect(directory.logs.size).toBe(before)
  })

  it('takes the key of the signer where no other is named, and more services', async () => {
    const services = { labeler: { type: 'AtprotoLabeler', endpoint: 'https://labels.example.com' } }
    const created = await plc.create({ ...fresh, signer: daily, change: { services } })
    const { state } = await plc.log(created.did)
    expect(state?.rotationKeys).toEqual([daily.didKey])
    expect(Object.keys(state!.services)).toEqual(['atproto_pds', 'labeler'])
  })

  it.each([
    [{ handle: 'alice' }, 'ATPROTO_PLC_CHANGE_REFUSED'],
    [{ pds: 'https://pds.example.com/path' }, 'ATPROTO_PLC_CHANGE_REFUSED'],
    [{ pds: 'ftp://pds.example.com' }, 'ATPROTO_PLC_CHANGE_REFUSED'],
    [{ signingKey: 'did:key:zNonsense' }, 'ATPROTO_PLC_OPERATION_INVALID'],
    [{ rotationKeys: [] }, 'ATPROTO_PLC_OPERATION_INVALID'],
    [{ rotationKeys: [recovery.didKey] }, 'ATPROTO_PLC_CHANGE_REFUSED'],
    [{ rotationKeys: [daily.didKey, daily.didKey] }, 'ATPROTO_PLC_OPERATION_INVALID'],
  ])('refuses %o', async (wrong, expected) => {
    await expect(plc.create({ ...fresh, ...wrong, signer: daily })).rejects.toThrow(code(expected))
  })
})

describe('changing', () => {
  it('shows what a change would do and does not do it', async () => {
    const { plan, operation } = await plc.updateHandle(did, 'alice.example.org', { signer: daily, dryRun: true })
    expect(operation).toBeUndefined()
    expect(plan.differences).toEqual([
      { field: 'alsoKnownAs', before: ['at://alice.example.com'], after: ['at://alice.example.org'] },
    ])
    expect(plan.signers).toEqual([recovery.didKey, daily.didKey])
    expect(directory.logs.get(did)).toHaveLength(1)
  })

  it('gives another handle, another server and other keys', async () => {
    await plc.updateHandle(did, 'Alice.Example.org', { signer: daily })
    await plc.update(did, { pds: 'https://other.example.com', signingKey: stranger.didKey }, { signer: recovery })
    const { plan } = await plc.rotateKeys(did, [stranger.didKey], { signer: recovery })
    expect(plan.warnings).toEqual(['signer-loses-control', 'single-rotation-key'])
    const { state, active } = await plc.log(did)
    expect(active).toHaveLength(4)
    expect(state?.alsoKnownAs).toEqual(['at://alice.example.org'])
    expect(state?.services.atproto_pds?.endpoint).toBe('https://other.example.com')
    await expect(plc.updateHandle(did, 'x.example.com', { signer: recovery })).rejects.toThrow(
      code('ATPROTO_PLC_CHANGE_REFUSED'),
    )
  })

  it('keeps names of other kinds and the order of them', async () => {
    await plc.update(
      did,
      { services: { chat: { type: 'Chat', endpoint: 'https://chat.example.com' } } },
      { signer: daily },
    )
    const { plan } = await plc.update(
      did,
      { services: { chat: undefined }, verificationMethods: { label: signingKey } },
      { signer: daily },
    )
    expect(plan.differences.map(({ field }) => field)).toEqual(['services.chat', 'verificationMethods.label'])
    expect(plan.differences[0]!.after).toBeUndefined()
  })

  it('warns of what a change takes along', async () => {
    const change = { pds: 'https://other.example.com', signingKey: stranger.didKey }
    const { plan } = await plc.update(did, change, { signer: daily, dryRun: true })
    expect(plan.warnings).toEqual(['signing-key-changes', 'server-changes'])
  })

  it('refuses a change of nothing, and a key without a say', async () => {
    await expect(plc.updateHandle(did, fresh.handle, { signer: daily })).rejects.toThrow(/nothing/)
    await expect(plc.updateHandle(did, 'b.example.com', { signer: stranger })).rejects.toThrow(/may not sign/)
  })

  it('does not believe a directory that says yes and does nothing', async () => {
    const silent = createPlc({
      directory: {
        document: (name) => directory.document(name),
        auditLog: (name) => directory.auditLog(name),
        submit: async () => {},
      },
      clock,
    })
    await expect(silent.updateHandle(did, 'b.example.com', { signer: daily })).rejects.toThrow(
      code('ATPROTO_PLC_REJECTED'),
    )
  })

  it('finds out when another operation came before', async () => {
    const planned = await plc.updateHandle(did, 'b.example.com', { signer: daily, dryRun: true })
    await plc.updateHandle(did, 'c.example.com', { signer: daily })
    const late = await signOperation(planned.plan.operation, daily)
    await expect(directory.submit(did, late as never)).rejects.toThrow(code('ATPROTO_PLC_REJECTED'))
  })
})

describe('hijack, recovery and tombstone', () => {
  const hijacked = async (): Promise<string> => {
    const before = (await plc.log(did)).head.cid
    // Whoever has the daily key can shut the others out, but the recovery key was stronger when it happened.
    await plc.update(did, { rotationKeys: [stranger.didKey], handle: 'mallory.example.com' }, { signer: daily })
    return before
  }

  it('lists the ways back while there are any', async () => {
    const before = await hijacked()
    await clock.advanceBy(71 * hour)
    const [path, ...others] = await plc.recoveryPaths(did, { keys: [recovery.didKey, stranger.didKey] })
    expect(others).toEqual([])
    expect(path).toMatchObject({ to: before, keys: [recovery.didKey] })
    expect(path!.undoes).toHaveLength(1)
    expect(path!.deadline.toISOString()).toBe('2026-11-24T00:00:01.000Z')
    expect(path!.differences.map(({ field }) => field)).toEqual(['rotationKeys', 'alsoKnownAs'])
    await clock.advanceBy(2 * hour)
    expect(await plc.recoveryPaths(did, { keys: [recovery.didKey] })).toEqual([])
  })

  it('shows no way to keys that are not stronger', async () => {
    await hijacked()
    expect(await plc.recoveryPaths(did, { keys: [daily.didKey, stranger.didKey] })).toEqual([])
  })

  it('takes the identity back, and shuts the lost key out', async () => {
    const to = await hijacked()
    await clock.advanceBy(hour)
    await plc.updateHandle(did, 'mallory.example.org', { signer: stranger })
    await clock.advanceBy(hour)
    const next = keyOf(6)
    const { plan } = await plc.recover(did, {
      to,
      signer: recovery,
      change: { rotationKeys: [recovery.didKey, next.didKey] },
    })
    expect(plan.undoes).toHaveLength(2)
    const { state, entries, active } = await plc.log(did)
    expect(entries.map(({ nullified }) => nullified)).toEqual([false, true, true, false])
    expect(active).toHaveLength(2)
    expect(state?.alsoKnownAs).toEqual(['at://alice.example.com'])
    expect(state?.rotationKeys).toEqual([recovery.didKey, next.didKey])
    await expect(plc.updateHandle(did, 'm.example.com', { signer: stranger })).rejects.toThrow(
      code('ATPROTO_PLC_CHANGE_REFUSED'),
    )
  })

  it('S8: is refused after 72 hours, by us and by any directory that is right', async () => {
    const to = await hijacked()
    const dry = await plc.recover(did, { to, signer: recovery, dryRun: true })
    await clock.advanceBy(72 * hour + 1)
    await expect(plc.recover(did, { to, signer: recovery })).rejects.toThrow(/72 hours/)
    const late = await signOperation(dry.plan.operation, recovery)
    await expect(directory.submit(did, late as never)).rejects.toThrow(/72 hours/)
  })

  it('refuses to go back to where it is, to nowhere, or with a weaker key', async () => {
    const to = await hijacked()
    const { head } = await plc.log(did)
    await expect(
      plc.recover(did, { to: head.cid, signer: stranger, change: { handle: 'x.example.com' } }),
    ).rejects.toThrow(/nothing to undo/)
    await expect(plc.recover(did, { to: 'bafynowhere', signer: recovery })).rejects.toThrow(/not an operation/)
    await expect(plc.recover(did, { to, signer: daily })).rejects.toThrow(/may not sign/)
  })

  it('gives an identity up only when it was said twice, and can take that back with a stronger key', async () => {
    await expect(plc.tombstone(did, { signer: daily })).rejects.toThrow(code('ATPROTO_PLC_CONFIRMATION_MISSING'))
    const { plan } = await plc.tombstone(did, { signer: daily, dryRun: true })
    expect(plan.warnings).toEqual(['final'])
    expect(plan.differences).toHaveLength(4)
    const to = (await plc.log(did)).head.cid
    await plc.tombstone(did, { signer: daily, confirm: did })
    expect((await plc.log(did)).state).toBeUndefined()
    await expect(plc.updateHandle(did, 'b.example.com', { signer: daily })).rejects.toThrow(/given up/)
    await expect(directory.document(did)).rejects.toThrow(code('ATPROTO_DID_TOMBSTONED'))
    await plc.recover(did, { to, signer: recovery })
    expect((await plc.log(did)).state?.alsoKnownAs).toEqual(['at://alice.example.com'])
  })

  it('refuses a tombstone by a stranger, and changes behind one', async () => {
    await expect(plc.tombstone(did, { signer: stranger, confirm: did })).rejects.toThrow(/may not sign/)
    await plc.tombstone(did, { signer: recovery, confirm: did })
    const { head } = await plc.log(did)
    await expect(plc.recover(did, { to: head.cid, signer: recovery })).rejects.toThrow(
      code('ATPROTO_PLC_CHANGE_REFUSED'),
    )
  })
})

it('S8: a directory that lies is found out, whatever it lies about', async () => {
  await plc.updateHandle(did, 'b.example.com', { signer: daily })
  const to = (await plc.log(did)).head.cid
  await clock.advanceBy(hour)
  await plc.updateHandle(did, 'c.example.com', { signer: daily })
  await plc.recover(did, { to, signer: recovery, change: { handle: 'd.example.com' } })
  const honest = directory.logs.get(did)!
  const lies: readonly ((entries: typeof honest) => unknown)[] = [
    () => [],
    () => ({}),
    (entries) => entries.slice(1),
    (entries) => [entries[0], ...entries.slice(2)],
    (entries) => entries.toReversed(),
    (entries) => entries.map((entry) => ({ ...entry, nullified: false })),
    (entries) => entries.map((entry) => ({ ...entry, nullified: undefined })),
    (entries) => entries.slice(0, 3),
    (entries) => entries.with(1, { ...entries[1]!, cid: entries[0]!.cid }),
    (entries) => entries.with(1, { ...entries[1]!, did: 'did:plc:other' }),
    (entries) => entries.with(1, { ...entries[1]!, createdAt: 'yesterday' }),
    (entries) => entries.with(1, { ...entries[1]!, createdAt: '2020-01-01T00:00:00Z' }),
    (entries) => entries.with(3, { ...entries[3]!, createdAt: '2030-01-01T00:00:00Z' }),
    (entries) => entries.with(3, { ...entries[3]!, createdAt: new Date(clock.now() + 80 * hour).toISOString() }),
    (entries) => entries.with(0, null as never),
    ...(['rotationKeys', 'alsoKnownAs', 'services', 'verificationMethods', 'prev', 'sig', 'type'] as const).flatMap(
      (field) =>
        [0, 1, 2, 3].map((index) => (entries: typeof honest) => {
          const other = entries[(index + 1) % 4]!.operation as unknown as Record<string, unknown>
          const value =
            field === 'rotationKeys' || field === 'type'
              ? [stranger.didKey]
              : field === 'services' || field === 'verificationMethods'
                ? {}
                : field === 'prev'
                  ? entries[index]!.cid
                  : other[field]
          return entries.with(index, {
            ...entries[index]!,
            operation: { ...entries[index]!.operation, [field]: value } as never,
          })
        }),
    ),
  ]
  expect((await plc.log(did)).state?.alsoKnownAs).toEqual(['at://d.example.com'])
  // The one thing it could do, and the only one, is to hold the newest operations back.
  for (const [number, lie] of lies.entries()) {
    if (number === 7) continue
    expect(() => verifyPlcLog(did, lie(structuredClone(honest)), { clock }), `lie ${number}`).toThrow(
      code('ATPROTO_PLC_LOG_INVALID'),
    )
  }
})
