import { createClient } from '@exprsn/core/client'
import type { Database } from '@exprsn/core/database'
import { createIdentityResolver } from '@exprsn/atproto/identity'
import { createLoginBudget, createRequestBudget, passwordAccount, type PublishAccount } from '@exprsn/atproto/publish'
import { firehoseSource, type ResolveSigningKey, type SyncSource } from '@exprsn/atproto/sync'
import { createFakePds, type FakePds } from '@exprsn/atproto/testing'
import type { Config } from './config.ts'

/** Where articles go, and where edits come from. */
export interface Outlet {
  readonly account: PublishAccount
  readonly source: SyncSource
  readonly resolveSigningKey: ResolveSigningKey
  readonly editorKey: string
  /** The host in memory; undefined when it is a real one. */
  readonly simulator: FakePds | undefined
  close(): Promise<void>
}

/** The account of the settings, whose limits are counted in the database, or one on a host in memory. */
export async function openOutlet({ account: settings }: Config, database: Database): Promise<Outlet> {
  return settings === undefined ? openSimulator() : openAccount(settings, database)
}

function openAccount(
  { did, service, password, editorKey }: NonNullable<Config['account']>,
  database: Database,
): Outlet {
  const client = createClient()
  const identities = createIdentityResolver({ client })
  const source = firehoseSource({ service })
  const logins = createLoginBudget({ database })
  const requests = createRequestBudget({ database, service })
  return {
    account: requests.counted(passwordAccount({ did, service, password, client, logins })),
    source,
    resolveSigningKey: async (name, options) => (await identities.resolveDid(name, options)).signingKey!,
    editorKey: editorKey.reveal(),
    simulator: undefined,
    async close() {
      await source.close()
      await requests.close()
      await client.close()
    },
  }
}

async function openSimulator(): Promise<Outlet> {
  const allow = { loopbackAddresses: true }
  const pds = createFakePds()
  await pds.start()
  const { did } = pds.host.createAccount({ handle: 'newsroom.test' })
  const client = createClient({ allow })
  const source = firehoseSource({ service: pds.url, allow })
  return {
    account: passwordAccount({ did, service: pds.url, password: 'password', client }),
    source,
    resolveSigningKey: async (name) => pds.host.plc.get(name)!.signingKey,
    editorKey: 'editor-of-the-demo',
    simulator: pds,
    async close() {
      await source.close()
      await client.close()
      await pds.close()
    },
  }
}
