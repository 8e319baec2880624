import { createClient, type Client } from '@exprsn/core/client'
import { sqliteDatabase, type Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { createIdentityResolver, type IdentityResolver } from '@exprsn/atproto/identity'
import { createFakePds, FakePlc, type FakePds } from '@exprsn/atproto/testing'

/** Two hosts of one directory, with an account at the first that may move to the second, and what its publisher needs. */
export class TwoHosts {
  readonly old: FakePds
  readonly next: FakePds
  readonly did: string
  readonly client: Client
  readonly database: Database = sqliteDatabase({ path: ':memory:' })
  readonly identities: IdentityResolver
  readonly clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })

  private constructor(old: FakePds, next: FakePds) {
    this.old = old
    this.next = next
    this.did = old.host.createAccount({ handle: 'alice.test' }).did
    const client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
    this.client = client
    // The directory stays when the old host goes.
    const settings = { plcDirectory: next.plcUrl, allowHttp: true, refreshInterval: '1ms' } as const
    this.identities = createIdentityResolver({ client, ...settings })
  }

  static async open(): Promise<TwoHosts> {
    const plc = new FakePlc()
    const [old, next] = [createFakePds({ plc }), createFakePds({ plc })]
    await old.start()
    await next.start()
    return new TwoHosts(old, next)
  }

  async close(): Promise<void> {
    await this.identities.close()
    await this.client.close()
    await this.old.close()
    await this.next.close()
    await this.database.close()
  }
}
