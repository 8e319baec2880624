import type { PublishAccount } from '../publish/index.ts'
import type { ListedRepo, SyncSource } from '../sync/index.ts'

/** The source as one account sees it: with a cursor of its own, and no list of all the accounts of its host. */
export function ownSource(source: SyncSource, account: PublishAccount): SyncSource {
  const { did } = account
  return {
    name: `${source.name} ${did}`,
    finite: source.finite,
    open: (options) => source.open(options),
    async *listRepos({ signal }): AsyncGenerator<ListedRepo> {
      const { status, body } = await account.call('com.atproto.sync.getLatestCommit', { params: { did }, signal })
      if (status === 200 && typeof body.rev === 'string') yield { did, rev: body.rev, active: true }
    },
    ...(source.fetchRepo === undefined ? {} : { fetchRepo: (name, options) => source.fetchRepo!(name, options) }),
    ...(source.acknowledge === undefined ? {} : { acknowledge: (seq) => source.acknowledge!(seq) }),
  }
}
