import { clientErrors } from '../errors.ts'
import { parseIpAddress, type IpAddress } from './ip-address.ts'

/** All addresses that begin with the same bits. */
export interface Network {
  readonly version: 4 | 6
  /** The bits that all of them begin with. */
  readonly prefix: bigint
  /** Bits after the prefix. */
  readonly hostBits: bigint
}

/** @throws `CORE_CLIENT_OPTION_INVALID` when the text is not of the form `10.0.0.0/8` or `fd00::/8`. */
export function parseNetwork(cidr: string): Network {
  const [text = '', length = ''] = cidr.split('/', 2)
  const address = /^[0-9a-f.:]+$/i.test(text) ? parseIpAddress(text) : undefined
  const bits = address?.version === 4 ? 32 : 128
  if (address === undefined || !/^\d{1,3}$/.test(length) || Number(length) > bits || cidr.split('/').length > 2)
    throw clientErrors.CORE_CLIENT_OPTION_INVALID({ option: 'allow.networks', value: cidr })
  const hostBits = BigInt(bits - Number(length))
  return { version: address.version, prefix: address.value >> hostBits, hostBits }
}

/** Whether an address lies in a network. */
export function contains({ version, prefix, hostBits }: Network, address: IpAddress): boolean {
  return version === address.version && address.value >> hostBits === prefix
}
