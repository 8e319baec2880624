import { createFakePds } from '@exprsn/atproto/testing'

/** A PDS with its directory. */
export interface Network {
  readonly url: string
  readonly plcUrl: string
  close(): Promise<void>
}

/** The PDS in memory, or the official one in a process of its own. */
export async function startNetwork(real: boolean): Promise<Network> {
  if (real) {
    const { startAtprotoNetwork } = await import('@exprsn/real-servers/atproto-network')
    return startAtprotoNetwork()
  }
  const pds = createFakePds()
  await pds.start()
  return { url: pds.url, plcUrl: pds.plcUrl, close: () => pds.close() }
}
