import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  atprotoNetworkUnavailable,
  startAtprotoNetwork,
  type AtprotoNetwork,
} from '@exprsn/real-servers/atproto-network'
import { createFakePds } from './fake-pds.ts'
import { pdsContract } from './pds-contract.ts'

describe('the fake keeps the contract of a PDS', () => {
  const pds = createFakePds()
  const limited = createFakePds({ rateLimits: true })
  beforeAll(() => Promise.all([pds.start(), limited.start()]))
  afterAll(() => Promise.all([pds.close(), limited.close()]))

  it.for(pdsContract.map((one) => [one.name, one] as const))('%s', ([, { run }]) =>
    run({ url: pds.url, plcUrl: pds.plcUrl, rateLimits: false }),
  )
  it.for(pdsContract.map((one) => [one.name, one] as const))('with rate limits: %s', ([, { run }]) =>
    run({ url: limited.url, plcUrl: limited.plcUrl, rateLimits: true }),
  )
})

const unavailable = await atprotoNetworkUnavailable()

describe.skipIf(unavailable !== undefined)(
  `the official PDS keeps the same contract (${unavailable ?? 'installed'})`,
  () => {
    let network: AtprotoNetwork
    beforeAll(async () => {
      network = await startAtprotoNetwork()
    }, 300_000)
    afterAll(() => network?.close())

    it.for(pdsContract.map((one) => [one.name, one] as const))('%s', ([, { run }]) =>
      run({ url: network.url, plcUrl: network.plcUrl, rateLimits: false }),
    )
  },
)
