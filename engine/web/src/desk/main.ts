// to come
export {};
import './css/desk.css';
