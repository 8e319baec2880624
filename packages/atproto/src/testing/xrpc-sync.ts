import type { FakeAccount } from './fake-account.ts'
import type { FakeHost } from './fake-host.ts'
import { invalidRequest } from './xrpc-error.ts'
import { limitOf, required, XrpcBytes, type XrpcCall, type XrpcMethod } from './xrpc-method.ts'

const carType = 'application/vnd.ipld.car'

/** `com.atproto.sync.*` over HTTP; the event stream is another matter. */
export const syncMethods: Readonly<Record<string, XrpcMethod>> = {
  'com.atproto.sync.getRepo': {
    run: (call) => new XrpcBytes(carType, servedAccount(call).repo.archive()),
  },
  'com.atproto.sync.getRecord': {
    run(call) {
      const { repo } = servedAccount(call)
      const path = `${required(call.params, 'collection')}/${required(call.params, 'rkey')}`
      return new XrpcBytes(carType, repo.proof(path))
    },
  },
  'com.atproto.sync.getLatestCommit': {
    run(call) {
      const { repo } = servedAccount(call)
      return { cid: String(repo.commit.cid), rev: repo.state.rev }
    },
  },
  'com.atproto.sync.getRepoStatus': {
    run({ host, params }) {
      const { did, status, repo } = accountOf(host, params)
      return { did, ...activity(status), ...(status === 'active' ? { rev: repo.state.rev } : {}) }
    },
  },
  'com.atproto.sync.listRepos': { run: listRepos },
  'com.atproto.sync.getBlob': {
    run(call) {
      const blob = servedAccount(call).blobs.get(required(call.params, 'cid'))
      if (blob?.used !== true) throw invalidRequest('Blob not found', 'BlobNotFound')
      return new XrpcBytes(blob.mimeType, blob.bytes)
    },
  },
  'com.atproto.sync.listBlobs': {
    run(call) {
      const used = [...servedAccount(call).blobs.values()].filter((blob) => blob.used)
      return { cids: used.map(({ cid }) => String(cid)) }
    },
  },
}

function listRepos({ host, params }: XrpcCall): unknown {
  const limit = limitOf(params, 500, 1_000)
  const cursor = params.get('cursor') ?? ''
  const all = [...host.accounts.values()].sort((left, right) => (left.did < right.did ? -1 : 1))
  const page = all.filter(({ did }) => did > cursor).slice(0, limit)
  const repos = page.map(({ did, repo, status }) => ({
    did,
    head: String(repo.commit.cid),
    rev: repo.state.rev,
    ...activity(status),
  }))
  return { repos, ...(page.length < limit ? {} : { cursor: page.at(-1)!.did }) }
}

function activity(status: FakeAccount['status']) {
  return status === 'active' ? { active: true } : { active: false, status }
}

function accountOf(host: FakeHost, params: URLSearchParams): FakeAccount {
  const did = required(params, 'did')
  const account = host.accounts.get(did)
  if (account === undefined) throw invalidRequest(`Could not find repo for DID: ${did}`, 'RepoNotFound')
  return account
}

const refusals = { deactivated: 'RepoDeactivated', takendown: 'RepoTakendown', suspended: 'RepoSuspended' } as const

function servedAccount({ host, params }: XrpcCall): FakeAccount {
  const account = accountOf(host, params)
  const { did, status } = account
  if (status === 'active' || status === 'deleted') return account
  throw invalidRequest(`Repo has been ${status}: ${did}`, refusals[status])
}
