// What @did-plc/lib says about the same operations.
import * as plc from '@did-plc/lib'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { importSigningKey, type SigningKey } from '../src/crypto/index.ts'
import {
  createPlc,
  didOfGenesis,
  operationCid,
  signOperation,
  stateOf,
  verifyPlcLog,
  type PlcOperation,
  type PlcState,
} from '../src/identity/index.ts'

const hour = 60 * 60_000
const keys = Array.from({ length: 4 }, (_, index) =>
  importSigningKey(index % 2 === 0 ? 'k256' : 'p256', new Uint8Array(32).fill(index + 1)),
)
const keypairOf = (key: SigningKey) =>
  ({
    jwtAlg: key.curve === 'k256' ? 'ES256K' : 'ES256',
    did: () => key.didKey,
    sign: async (bytes: Uint8Array) => key.sign(bytes),
  }) as never
const fields = { signingKey: keys[0]!.didKey, handle: 'alice.example.com', pds: 'https://pds.example.com' }

/** A log as a directory keeps it. */
interface Entry {
  operation: PlcOperation
  createdAt: number
  nullified: boolean
}

const auditOf = (did: string, entries: readonly Entry[]) =>
  entries.map(({ operation, createdAt, nullified }) => ({
    ...{ did, operation, nullified, cid: String(operationCid(operation)) },
    createdAt: new Date(createdAt).toISOString(),
  }))

describe('operations', () => {
  it('of ours are right to the library', async () => {
    const clock = new SimulatedClock({ now: Date.parse('2026-01-01T00:00:00Z') })
    const entries: Entry[] = []
    const directory = {
      document: async () => ({}),
      auditLog: async (did: string) => auditOf(did, entries),
      submit: async (_: string, operation: PlcOperation) =>
        void entries.push({ operation, createdAt: clock.now(), nullified: false }),
    }
    const ours = createPlc({ directory, clock })
    const { did } = await ours.create({ ...fields, rotationKeys: [keys[1]!.didKey, keys[2]!.didKey], signer: keys[2]! })
    await ours.updateHandle(did, 'bob.example.com', { signer: keys[1]! })
    await ours.update(did, { pds: 'https://other.example.com' }, { signer: keys[2]! })
    const operations = entries.map(({ operation }) => operation) as never[]
    const data = await plc.validateOperationLog(did, operations)
    expect(data).toMatchObject({
      did,
      alsoKnownAs: ['at://bob.example.com'],
      services: { atproto_pds: { endpoint: 'https://other.example.com' } },
    })
    await ours.tombstone(did, { signer: keys[1]!, confirm: did })
    expect(await plc.validateOperationLog(did, entries.map(({ operation }) => operation) as never[])).toBeNull()
  })

  it('of the library are right to us', async () => {
    const signer = keypairOf(keys[3]!)
    const { op, did } = await plc.createOp({ ...fields, rotationKeys: [keys[3]!.didKey], signer })
    expect(didOfGenesis(op as PlcOperation)).toBe(did)
    const second = await plc.updateHandleOp(op, signer, 'carol.example.com')
    const third = await plc.updateRotationKeysOp(second, signer, [keys[1]!.didKey, keys[3]!.didKey])
    const fourth = await plc.tombstoneOp((await plc.getLastOpWithCid([op, second, third])).cid, signer)
    const entries = [op, second, third, fourth].map((operation, index) => ({
      ...{
        operation: operation as PlcOperation,
        createdAt: Date.parse('2026-01-01T00:00:00Z') + index,
        nullified: false,
      },
    }))
    const { state, entries: read } = verifyPlcLog(did, auditOf(did, entries))
    expect(state).toBeUndefined()
    expect(read[2]!.state?.rotationKeys).toEqual([keys[1]!.didKey, keys[3]!.didKey])
  })

  it('of before 2023 give the same state', async () => {
    const legacy = {
      type: 'create',
      signingKey: keys[0]!.didKey,
      recoveryKey: keys[1]!.didKey,
      handle: 'alice.example.com',
      service: 'pds.example.com',
      prev: null,
    } as const
    const operation = (await signOperation(legacy as never, keys[0]!)) as unknown as PlcOperation
    const did = didOfGenesis(operation)
    const theirs = await plc.validateOperationLog(did, [operation as never])
    const { state, head } = verifyPlcLog(did, auditOf(did, [{ operation, createdAt: 0, nullified: false }]))
    expect(theirs).toMatchObject({ ...state })
    expect(head.signedBy).toBe(keys[0]!.didKey)
  })
})

it('S8: on random logs of several keys, forks and times, both take the same operations', async () => {
  const verdicts = { taken: 0, refused: 0, forks: 0 }
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed)
    const pick = <Item>(items: readonly Item[]): Item => items[random.uint32() % items.length]!
    const rotationKeys = keys.slice(1).map(({ didKey }) => didKey)
    const first = { type: 'plc_operation', prev: null, ...stateWith(rotationKeys, 0) } as const
    const genesis = (await signOperation(first, keys[1]!)) as PlcOperation
    const did = didOfGenesis(genesis)
    // The library asks the system's clock how long ago the undone operation was: times count back from now.
    let time = Date.now() - 20 * 80 * hour
    let entries: Entry[] = [{ operation: genesis, createdAt: time, nullified: false }]
    for (let step = 1; step <= 8; step++) {
      time += pick([1, hour, 30 * hour, 73 * hour])
      const active = entries.filter(({ nullified }) => !nullified)
      const base = pick([active.at(-1)!, active.at(-1)!, pick(active)])
      const order = pick([rotationKeys, rotationKeys.toReversed(), rotationKeys.slice(1)])
      const prev = String(operationCid(base.operation))
      const unsigned =
        random.uint32() % 12 === 0
          ? ({ type: 'plc_tombstone', prev } as const)
          : ({ type: 'plc_operation', prev, ...stateWith(order, step) } as const)
      const operation = (await signOperation(unsigned, pick(keys))) as PlcOperation
      const position = entries.indexOf(base)
      const next = [
        ...entries.map((entry, index) => ({ ...entry, nullified: entry.nullified || index > position })),
        { operation, createdAt: time, nullified: false },
      ]
      const [mine, theirs] = [accepts(did, next), await libraryAccepts(did, active, operation, time)]
      expect(mine, `seed ${seed}, step ${step}`).toBe(theirs)
      verdicts[mine ? 'taken' : 'refused']++
      if (!mine) continue
      if (base !== active.at(-1)) verdicts.forks++
      entries = next
    }
    expect(stateOf(entries[0]!.operation)).toBeDefined()
  }
  expect(verdicts.taken).toBeGreaterThan(40)
  expect(verdicts.refused).toBeGreaterThan(40)
  expect(verdicts.forks).toBeGreaterThan(3)
}, 60_000)

function stateWith(rotationKeys: readonly string[], number: number): PlcState {
  return {
    rotationKeys,
    verificationMethods: { atproto: keys[0]!.didKey },
    alsoKnownAs: [`at://n${number}.example.com`],
    services: { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint: 'https://pds.example.com' } },
  }
}

function accepts(did: string, entries: readonly Entry[]): boolean {
  try {
    verifyPlcLog(did, auditOf(did, entries))
    return true
  } catch {
    return false
  }
}

/** As if it came in at that time: the times of the others are moved by what the time is ahead of now. */
async function libraryAccepts(
  did: string,
  active: readonly Entry[],
  operation: PlcOperation,
  time: number,
): Promise<boolean> {
  const shift = Date.now() - time
  const indexed = await Promise.all(
    active.map(async ({ operation: known, createdAt }) => {
      const { cid } = await plc.getLastOpWithCid([known as never])
      return { did, operation: known, nullified: false, createdAt: new Date(createdAt + shift), cid }
    }),
  )
  try {
    await plc.assureValidNextOp(did, indexed as never, operation as never)
    return true
  } catch {
    return false
  }
}
