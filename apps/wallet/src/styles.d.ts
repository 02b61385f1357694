declare module '@tallystick/kit/styles.css';
