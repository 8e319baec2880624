import { systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import { createTidGenerator, writeCar, type Curve, type DataObject } from '../codec/index.ts'
import { createSigningKey } from '../crypto/index.ts'
import type { CreatedCommit, RepoWrite } from '../repo/index.ts'
import { EventLog } from './event-log.ts'
import type { AccountStatus, FakeAccount } from './fake-account.ts'
import { collectUnused, linkedBlobs } from './fake-blobs.ts'
import { FakePlc } from './fake-plc.ts'
import { FakeRepo } from './fake-repo.ts'
import { invalidRequest } from './xrpc-error.ts'

/** Options of {@link FakeHost}. */
export interface FakeHostOptions {
  /** The directory, which several hosts may share. @default one of its own */
  readonly plc?: FakePlc | undefined
  /** Base URL in identity documents. @default 'https://pds.example' */
  readonly url?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** A new account. */
export interface NewAccount {
  readonly handle: string
  /** @default 'password' */
  readonly password?: string | undefined
  /** @default 'k256' */
  readonly curve?: Curve | undefined
}

/**
 * The state of a PDS in memory: accounts, repositories, blobs and the events that they give. `createFakePds` puts HTTP in
 * front of it; simulations use it as it is.
 *
 * @example
 * ```ts
 * import { FakeHost } from '@exprsn/atproto/testing'
 *
 * const host = new FakeHost()
 * const { did } = host.createAccount({ handle: 'alice.test' })
 * host.write(did, [{ action: 'create', path: 'com.example.note/1', value: { text: 'hello' } }])
 * console.log(host.events.last) // 5: identity, account, the first commit, sync, and the write
 * ```
 */
export class FakeHost {
  readonly plc: FakePlc
  readonly events = new EventLog()
  url: string
  readonly #accounts = new Map<string, FakeAccount>()
  readonly #clock: Clock
  readonly #random: Random
  readonly #nextRev: () => string

  constructor(options: FakeHostOptions = {}) {
    const { clock = systemClock, random = systemRandom, url = 'https://pds.example' } = options
    this.plc = options.plc ?? new FakePlc({ random })
    this.url = url
    this.#clock = clock
    this.#random = random
    this.#nextRev = createTidGenerator({ clock, random })
  }

  /** Every account that was not deleted. */
  get accounts(): ReadonlyMap<string, FakeAccount> {
    return this.#accounts
  }

  /** The account of a DID or a handle. */
  account(name: string): FakeAccount | undefined {
    return this.#accounts.get(name) ?? this.#accounts.get(this.plc.resolveHandle(name) ?? '')
  }

  /** Milliseconds since 1970 by the clock of this host. */
  now(): number {
    return this.#clock.now()
  }

  /** A new TID of this host. */
  nextTid(): string {
    return this.#nextRev()
  }

  /** Makes an account and its first, empty commit: `#identity`, `#account`, `#commit` and `#sync`. */
  createAccount({ handle, password = 'password', curve = 'k256' }: NewAccount): FakeAccount {
    if (this.plc.resolveHandle(handle) !== undefined)
      throw invalidRequest(`Handle already taken: ${handle}`, 'HandleNotAvailable')
    const key = createSigningKey(curve, { random: this.#random })
    const did = this.plc.create({ handle, signingKey: key.didKey, pds: this.url })
    const account: FakeAccount = {
      did,
      handle,
      password,
      status: 'active',
      repo: new FakeRepo(did, key),
      blobs: new Map(),
    }
    this.#accounts.set(did, account)
    this.#announceIdentity(account)
    this.#announceStatus(account)
    this.write(did, [])
    this.announceSync(did)
    return account
  }

  /** Writes as one commit and announces it. */
  write(did: string, writes: readonly RepoWrite[]): CreatedCommit {
    const { repo, blobs } = this.#required(did)
    const before = repo.commit === undefined ? undefined : repo.state
    const created = repo.apply(writes, this.#nextRev())
    const linked = writes.flatMap((write) => (write.action === 'delete' ? [] : linkedBlobs(write.value)))
    collectUnused(blobs, repo.records, linked)
    this.events.append('#commit', did, {
      repo: did,
      commit: created.commit.cid,
      rev: created.state.rev,
      since: before?.rev ?? null,
      ...(before === undefined ? {} : { prevData: before.data }),
      ops: operationBodies(created.operations),
      blocks: created.proof,
      blobs: [],
      time: this.#time(),
      tooBig: false,
      rebase: false,
    })
    return created
  }

  /** Announces the state of a repository without saying what changed. */
  announceSync(did: string): void {
    const { repo } = this.#required(did)
    const blocks = writeCar([repo.commit.cid], [repo.commit])
    this.events.append('#sync', did, { did, blocks, rev: repo.state.rev, time: this.#time() })
  }

  /** Gives the account a new handle. */
  setHandle(did: string, handle: string): void {
    const account = this.#required(did)
    account.handle = handle
    this.plc.update(did, { handle })
    this.#announceIdentity(account)
  }

  /** Gives the account a new key, with which its later commits are signed. */
  rotateKey(did: string, curve: Curve = 'k256'): void {
    const account = this.#required(did)
    account.repo.key = createSigningKey(curve, { random: this.#random })
    this.plc.update(did, { signingKey: account.repo.key.didKey })
    this.#announceIdentity(account)
  }

  /**
   * Takes over an account of another host that shares the directory, with its records: here it has a new key and password, there
   * it is out of use. Announced are `#identity`, `#account` and `#sync`, and no commits, as the official server does.
   */
  takeOver(
    did: string,
    from: FakeHost,
    { password = 'password' }: { readonly password?: string | undefined } = {},
  ): void {
    const { handle, repo } = from.#required(did)
    const key = createSigningKey('k256', { random: this.#random })
    const moved = new FakeRepo(did, key)
    const writes = [...repo.records].map(([path, { value }]) => ({ action: 'create', path, value }) as const)
    moved.apply(writes, this.#nextRev())
    const account: FakeAccount = {
      did,
      handle,
      password,
      status: 'active',
      repo: moved,
      blobs: new Map(from.#required(did).blobs),
    }
    this.#accounts.set(did, account)
    this.plc.update(did, { signingKey: key.didKey, pds: this.url })
    this.#announceIdentity(account)
    this.#announceStatus(account)
    this.announceSync(did)
    from.setStatus(did, 'deactivated')
  }

  /** Takes an account down, suspends or deactivates it, or makes it active again. */
  setStatus(did: string, status: Exclude<AccountStatus, 'deleted'>): void {
    const account = this.#required(did)
    account.status = status
    this.#announceStatus(account)
    if (status === 'active') this.announceSync(did)
  }

  /** Deletes an account with its past events, as the real server does. */
  deleteAccount(did: string): void {
    const account = this.#required(did)
    account.status = 'deleted'
    this.#accounts.delete(did)
    this.events.removeOf(did)
    this.#announceStatus(account)
  }

  #announceIdentity({ did, handle }: FakeAccount): void {
    this.events.append('#identity', did, { did, handle, time: this.#time() })
  }

  #announceStatus({ did, status }: FakeAccount): void {
    const active = status === 'active'
    this.events.append('#account', did, { did, active, ...(active ? {} : { status }), time: this.#time() })
  }

  #required(did: string): FakeAccount {
    const account = this.#accounts.get(did)
    if (account === undefined) throw invalidRequest(`Could not find repo: ${did}`, 'RepoNotFound')
    return account
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString()
  }
}

/** A create that follows a delete of the same path carries what was there before, as it does on the official server. */
function operationBodies(operations: CreatedCommit['operations']): DataObject[] {
  const deleted = new Map(operations.filter(({ cid }) => cid === undefined).map(({ path, prev }) => [path, prev]))
  return operations.map(({ action, path, cid, prev = deleted.get(path) }) => ({
    action,
    path,
    cid: cid ?? null,
    ...(prev === undefined ? {} : { prev }),
  }))
}
