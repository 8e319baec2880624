import type { DidDocument } from '../did-document.ts'
import { parseDidDocument } from '../did-document.ts'
import type { PlcState } from './plc-operation.ts'

/** The identity document that a state stands for. */
export function documentOfState(
  did: string,
  state: PlcState,
  options: { readonly allowHttp?: boolean | undefined } = {},
): DidDocument {
  const json = {
    id: did,
    alsoKnownAs: state.alsoKnownAs,
    verificationMethod: Object.entries(state.verificationMethods).map(([name, key]) => ({
      id: `#${name}`,
      type: 'Multikey',
      publicKeyMultibase: key.slice('did:key:'.length),
    })),
    service: Object.entries(state.services).map(([name, { type, endpoint }]) => ({
      id: `#${name}`,
      type,
      serviceEndpoint: endpoint,
    })),
  }
  return parseDidDocument(json, { did, ...options })
}
