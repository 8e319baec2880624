import type { FakeAccount } from './fake-account.ts'
import { invalidRequest } from './xrpc-error.ts'
import { limitOf, required, type XrpcCall, type XrpcMethod } from './xrpc-method.ts'

/** `com.atproto.repo.*` that only read. */
export const readMethods: Readonly<Record<string, XrpcMethod>> = {
  'com.atproto.repo.getRecord': { run: getRecord },
  'com.atproto.repo.listRecords': { run: listRecords },
  'com.atproto.repo.describeRepo': {
    run({ host, params }) {
      const { did, handle, repo } = accountOf({ host, params })
      const collections = new Set([...repo.records.keys()].map((path) => path.slice(0, path.indexOf('/'))))
      return {
        did,
        handle,
        didDoc: host.plc.document(did),
        collections: [...collections].sort((left, right) => (left < right ? -1 : 1)),
        handleIsCorrect: true,
      }
    },
  },
}

function getRecord({ host, params }: XrpcCall): unknown {
  const { did, repo } = accountOf({ host, params })
  const path = `${required(params, 'collection')}/${required(params, 'rkey')}`
  const record = repo.records.get(path)
  const cid = params.get('cid')
  if (record === undefined || (cid !== null && cid !== String(record.cid)))
    throw invalidRequest(`Could not locate record: at://${did}/${path}`, 'RecordNotFound')
  return { uri: `at://${did}/${path}`, cid: String(record.cid), value: record.value }
}

/** The newest key first, unless reversed. */
function listRecords({ host, params }: XrpcCall): unknown {
  const { did, repo } = accountOf({ host, params })
  const collection = `${required(params, 'collection')}/`
  const limit = limitOf(params, 50, 100)
  const isReversed = params.get('reverse') === 'true'
  const cursor = params.get('cursor')
  const keys = [...repo.records.keys()]
    .filter((path) => path.startsWith(collection))
    .map((path) => path.slice(collection.length))
    .sort()
  if (!isReversed) keys.reverse()
  const page = keys.filter((key) => cursor === null || (isReversed ? key > cursor : key < cursor)).slice(0, limit)
  const records = page.map((rkey) => {
    const { cid, value } = repo.records.get(`${collection}${rkey}`)!
    return { uri: `at://${did}/${collection}${rkey}`, cid: String(cid), value }
  })
  return { records, ...(page.length === 0 ? {} : { cursor: page.at(-1) }) }
}

function accountOf({ host, params }: Pick<XrpcCall, 'host' | 'params'>): FakeAccount {
  const name = required(params, 'repo')
  const account = host.account(name)
  if (account === undefined) throw invalidRequest(`Could not find repo: ${name}`, 'RepoNotFound')
  return account
}
