import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '@exprsn/core/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { indexCar, toDataJson, type DataObject } from '../../codec/index.ts'
import { createSigningKey, type SigningKey } from '../../crypto/index.ts'
import { createRecordProof, createRepoArchive } from '../../repo/index.ts'
import type { Identity } from '../identity.ts'
import { createVerifications, type Verifications } from './create-verifications.ts'
import { readVerification, verificationCollection, verificationRecord } from './verification-record.ts'

interface Account {
  readonly key: SigningKey
  readonly records: Record<string, DataObject>
  handle: string
  verified: boolean
}

const [issuer, subject] = ['did:plc:issuer', 'did:plc:subject']
const code = (name: string) => expect.objectContaining({ code: name })

let accounts: Map<string, Account>
let client: Client
let origin: string
let status: number
let verifications: Verifications

/** A server that answers from signed repositories. */
const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://localhost')
  const query = Object.fromEntries(url.searchParams)
  if (status !== 200) return void response.writeHead(status).end('{}')
  if (url.pathname.endsWith('sync.getRecord')) {
    const account = accounts.get(query.did!)!
    const car = indexCar(createRepoArchive({ did: query.did!, key: account.key, records: account.records }))
    return void response.end(createRecordProof(car, car.roots[0]!, `${query.collection}/${query.rkey}`))
  }
  const all = Object.entries(accounts.get(query.repo!)!.records).filter(([path]) => path.startsWith(query.collection!))
  const start = Number(query.cursor ?? 0)
  const records = all
    .slice(start, start + 2)
    .map(([path, value]) => ({ uri: `at://${query.repo}/${path}`, cid: 'x', value: toDataJson(value) }))
  // A last page that is empty, as servers give it.
  response.end(JSON.stringify({ records, cursor: start < all.length ? String(start + 2) : undefined }))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = createClient({ allow: { loopbackAddresses: true }, retry: false })
})
afterAll(async () => {
  await client.close()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  status = 200
  const account = (handle: string): Account => ({ key: createSigningKey('k256'), records: {}, handle, verified: true })
  accounts = new Map([
    [issuer, account('issuer.example.com')],
    [subject, account('subject.example.com')],
  ])
  accounts.get(subject)!.records['app.bsky.actor.profile/self'] = {
    $type: 'app.bsky.actor.profile',
    displayName: 'Subject',
  }
  const identities = {
    resolve: async (name: string): Promise<Identity> => {
      const [did, account] = [...accounts].find(([known, { handle }]) => known === name || handle === name)!
      const handle = account.verified ? account.handle : 'handle.invalid'
      return { did, handle, verified: account.verified, pds: origin, signingKey: account.key.didKey } as Identity
    },
  }
  verifications = createVerifications({ identities, client })
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

const writer = {
  putRecord: async ({
    repo,
    collection,
    rkey,
    record,
  }: {
    repo: string
    collection: string
    rkey: string
    record: object
  }) => {
    accounts.get(repo)!.records[`${collection}/${rkey}`] = record as DataObject
    return { uri: `at://${repo}/${collection}/${rkey}`, cid: 'x' }
  },
}
const issue = () => verifications.issue({ writer, issuer, subject: 'subject.example.com', displayName: 'Subject' })

describe('verifications', () => {
  it('are issued, listed and checked', async () => {
    const { rkey, record, uri } = await issue()
    expect(record).toMatchObject({ subject, handle: 'subject.example.com', displayName: 'Subject' })
    const listed = await collect(verifications.list(issuer))
    expect(listed).toEqual([{ uri, rkey, record }])
    expect(await verifications.check({ issuer, rkey, subject })).toMatchObject({
      valid: true,
      reason: undefined,
      record,
    })
  })

  it('are listed over all pages, without what is none', async () => {
    for (let number = 0; number < 5; number++) await issue()
    accounts.get(issuer)!.records[`${verificationCollection}/broken`] = {
      $type: verificationCollection,
      subject: 'nobody',
    }
    expect(await collect(verifications.list('issuer.example.com'))).toHaveLength(5)
  })

  it.each([
    ['withdrawn', ({ records }: Account) => void delete records[Object.keys(records)[0]!]],
    ['unreadable', ({ records }: Account) => void (records[Object.keys(records)[0]!] = { $type: 'other' })],
  ])('do not hold when they are %s', async (reason, change) => {
    const { rkey } = await issue()
    change(accounts.get(issuer)!)
    expect(await verifications.check({ issuer, rkey })).toMatchObject({ valid: false, reason })
  })

  it.each([
    ['handle-unverified', (account: Account) => void (account.verified = false)],
    ['handle-changed', (account: Account) => void (account.handle = 'other.example.com')],
    [
      'display-name-changed',
      ({ records }: Account) => void (records['app.bsky.actor.profile/self'] = { displayName: 'Other' }),
    ],
    ['display-name-changed', ({ records }: Account) => void delete records['app.bsky.actor.profile/self']],
  ])('do not hold when the subject is %s', async (reason, change) => {
    const { rkey } = await issue()
    change(accounts.get(subject)!)
    expect(await verifications.check({ issuer, rkey })).toMatchObject({ valid: false, reason })
  })

  it('speak of one account alone', async () => {
    const { rkey } = await issue()
    expect(await verifications.check({ issuer, rkey, subject: issuer })).toMatchObject({
      valid: false,
      reason: 'other-subject',
    })
  })

  it('are not believed when another signed them', async () => {
    const { rkey } = await issue()
    const forged = accounts.get(issuer)!
    const identities = {
      resolve: async () => ({ did: issuer, pds: origin, signingKey: createSigningKey('k256').didKey }) as Identity,
    }
    expect(forged.records).toBeDefined()
    await expect(createVerifications({ identities, client }).check({ issuer, rkey })).rejects.toThrow(
      code('ATPROTO_COMMIT_SIGNATURE_INVALID'),
    )
  })

  it('are not issued for a handle that is not verified', async () => {
    accounts.get(subject)!.verified = false
    await expect(issue).rejects.toThrow(code('ATPROTO_VERIFICATION_INVALID'))
  })

  it.each([500, 429, 302])('tell nothing when the server answers %i', async (wrong) => {
    status = wrong
    await expect(verifications.check({ issuer, rkey: 'a' })).rejects.toThrow(code('ATPROTO_DID_UNRESOLVED'))
    await expect(collect(verifications.list(issuer))).rejects.toThrow(code('ATPROTO_DID_UNRESOLVED'))
  })

  it('are withdrawn when the server knows none', async () => {
    status = 404
    expect((await verifications.check({ issuer, rkey: 'a' })).reason).toBe('withdrawn')
  })

  it('need a server and a key', async () => {
    const resolve = async (name: string) =>
      ({ did: name, pds: undefined, signingKey: name === issuer ? 'did:key:z' : undefined }) as Identity
    const lacking = createVerifications({ identities: { resolve }, client })
    await expect(lacking.check({ issuer, rkey: 'a' })).rejects.toThrow(/names no server/)
    await expect(lacking.check({ issuer: subject, rkey: 'a' })).rejects.toThrow(/no signing key/)
  })
})

describe('records', () => {
  const record = verificationRecord({ subject, handle: 'a.example.com', displayName: '' })

  it('are made with the time of now', () => {
    expect(Math.abs(Date.parse(record.createdAt) - Date.now())).toBeLessThan(60_000)
    expect(readVerification(record)).toEqual(record)
  })

  it.each([
    { $type: 'app.bsky.feed.post' },
    { subject: 'a.example.com' },
    { subject: 7 },
    { handle: 'nohandle' },
    { handle: undefined },
    { displayName: undefined },
    { createdAt: 'yesterday' },
  ])('are refused with %o', (change) => {
    expect(() => readVerification({ ...record, ...change })).toThrow(code('ATPROTO_VERIFICATION_INVALID'))
    expect(() => readVerification(null)).toThrow(code('ATPROTO_VERIFICATION_INVALID'))
  })
})
