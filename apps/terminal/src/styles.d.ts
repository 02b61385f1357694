declare module '@tallystick/kit/styles.css';
declare module '*/terminal.css';
