/**
 * Geofences, OpenStreetMap routing and route optimisation.
 *
 * @packageDocumentation
 */
export {}
