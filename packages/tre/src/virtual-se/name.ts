/** Name of this environment in enrolments and reports. */
export const VIRTUAL_SE = 'virtual-se';
