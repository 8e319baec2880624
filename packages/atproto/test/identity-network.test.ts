// Identities on the official PLC directory and PDS.
import { createClient, type Client } from '@exprsn/core/client'
import {
  atprotoNetworkUnavailable,
  startAtprotoNetwork,
  type AtprotoNetwork,
} from '@exprsn/real-servers/atproto-network'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSigningKey } from '../src/crypto/index.ts'
import {
  createIdentityResolver,
  createPlc,
  createVerifications,
  httpPlcDirectory,
  httpsHandleLookup,
  type IdentityResolver,
  type Plc,
  type PlcDirectory,
} from '../src/identity/index.ts'

const unavailable = await atprotoNetworkUnavailable()
const code = (name: string) => expect.objectContaining({ code: name })

// Skipped only where the official servers cannot be installed, for the reason that is in `unavailable`.
describe.skipIf(unavailable !== undefined)('on the official servers', () => {
  let network: AtprotoNetwork
  let client: Client
  let directory: PlcDirectory
  let plc: Plc
  let identities: IdentityResolver

  beforeAll(async () => {
    network = await startAtprotoNetwork()
    client = createClient({ allow: { loopbackAddresses: true }, resolve: async () => ['127.0.0.1'] })
    directory = httpPlcDirectory({ client, url: network.plcUrl })
    plc = createPlc({ directory })
    const { port } = new URL(network.url)
    identities = createIdentityResolver({
      client,
      plcDirectory: directory,
      plcTrust: 'log',
      allowHttp: true,
      // The names of the network are in no DNS; the PDS answers for them by the name it is called.
      resolveTxt: async () => ({ records: [], ttl: 0 }),
      lookupHttps: httpsHandleLookup({ client, urlOf: (handle) => `http://${handle}:${port}/.well-known/atproto-did` }),
    })
  }, 120_000)

  afterAll(async () => {
    await identities?.close()
    await client?.close()
    await network?.close()
  }, 30_000)

  async function account(handle: string): Promise<{ readonly did: string; readonly accessJwt: string }> {
    const json = { handle, email: `${handle}@example.com`, password: 'a password' }
    const response = await client.request(`${network.url}/xrpc/com.atproto.server.createAccount`, {
      method: 'POST',
      json,
    })
    return response.json() as { did: string; accessJwt: string }
  }

  it('takes a hijacked identity back, shuts the lost key out, and gives it up in the end', async () => {
    const [recovery, daily, stranger, next] = [
      createSigningKey('k256'),
      createSigningKey('p256'),
      createSigningKey('k256'),
      createSigningKey('p256'),
    ]
    const { did } = await plc.create({
      handle: 'owner.test',
      pds: 'https://pds.example.com',
      signingKey: createSigningKey('k256').didKey,
      rotationKeys: [recovery.didKey, daily.didKey],
      signer: daily,
    })
    await plc.updateHandle(did, 'renamed.test', { signer: daily })
    const to = (await plc.log(did)).head.cid
    await plc.update(did, { rotationKeys: [stranger.didKey], handle: 'mallory.test' }, { signer: daily })
    await plc.updateHandle(did, 'mallory2.test', { signer: stranger })
    await expect(plc.updateHandle(did, 'x.test', { signer: daily })).rejects.toThrow(code('ATPROTO_PLC_CHANGE_REFUSED'))

    const [path] = await plc.recoveryPaths(did, { keys: [recovery.didKey] })
    expect(path).toMatchObject({ to, keys: [recovery.didKey] })
    await plc.recover(did, { to, signer: recovery, change: { rotationKeys: [recovery.didKey, next.didKey] } })
    const { state, entries } = await plc.log(did)
    expect(entries.map(({ nullified }) => nullified)).toEqual([false, false, true, true, false])
    expect(state?.alsoKnownAs).toEqual(['at://renamed.test'])
    expect((await identities.resolveDid(did)).handles).toEqual(['renamed.test'])

    await plc.tombstone(did, { signer: next, confirm: did })
    await expect(identities.resolveDid(did, { refresh: true })).resolves.toBeDefined()
    await expect(createIdentityResolver({ client, plcDirectory: directory }).resolveDid(did)).rejects.toThrow(
      code('ATPROTO_DID_TOMBSTONED'),
    )
    expect((await plc.log(did)).state).toBeUndefined()
  })

  it('says what the directory says when it refuses', async () => {
    const key = createSigningKey('k256')
    const { did, operation } = await plc.create({
      handle: 'twice.test',
      pds: 'https://pds.example.com',
      signingKey: key.didKey,
      signer: key,
    })
    await expect(directory.submit(did, operation)).rejects.toThrow(code('ATPROTO_PLC_REJECTED'))
    await expect(plc.log('did:plc:aaaaaaaaaaaaaaaaaaaaaaaa')).rejects.toThrow(code('ATPROTO_DID_NOT_FOUND'))
  })

  it('verifies the handles of accounts in both directions', async () => {
    const { did } = await account('alice.test')
    const alice = await identities.resolve('alice.test')
    expect(alice).toMatchObject({ did, handle: 'alice.test', verified: true, pds: network.url })
    expect(alice.signingKey).toMatch(/^did:key:zQ3s/)
    expect(await identities.resolve(did)).toMatchObject({ handle: 'alice.test', verified: true })
    expect(await identities.verifyHandle('nobody.test')).toMatchObject({ verified: false, reason: 'not-found' })
  })

  it('issues, lists and checks verification records by proofs of the server', async () => {
    const [issuer, subject] = [await account('issuer.test'), await account('subject.test')]
    const put = (accessJwt: string, input: object) =>
      client.request(`${network.url}/xrpc/com.atproto.repo.putRecord`, {
        method: 'POST',
        json: input,
        headers: { authorization: `Bearer ${accessJwt}` },
      })
    const profile = { $type: 'app.bsky.actor.profile', displayName: 'The Subject' }
    await put(subject.accessJwt, {
      repo: subject.did,
      collection: 'app.bsky.actor.profile',
      rkey: 'self',
      record: profile,
    })
    const writer = {
      putRecord: async ({
        signal: _,
        ...input
      }: Parameters<Parameters<typeof verifications.issue>[0]['writer']['putRecord']>[0]) =>
        (await put(issuer.accessJwt, input)).json() as { uri: string; cid: string },
    }
    const verifications = createVerifications({ identities, client })
    const { rkey, uri } = await verifications.issue({
      writer,
      issuer: issuer.did,
      subject: 'subject.test',
      displayName: 'The Subject',
    })
    const listed: string[] = []
    for await (const verification of verifications.list('issuer.test')) listed.push(verification.uri)
    expect(listed).toEqual([uri])
    expect(await verifications.check({ issuer: issuer.did, rkey, subject: subject.did })).toMatchObject({ valid: true })
    const renamed = { ...profile, displayName: 'Somebody Else' }
    await put(subject.accessJwt, {
      repo: subject.did,
      collection: 'app.bsky.actor.profile',
      rkey: 'self',
      record: renamed,
    })
    expect(await verifications.check({ issuer: issuer.did, rkey })).toMatchObject({
      valid: false,
      reason: 'display-name-changed',
    })
    expect(await verifications.check({ issuer: issuer.did, rkey: '3jui7kd54zh2y' })).toMatchObject({
      reason: 'withdrawn',
    })
  })
})
