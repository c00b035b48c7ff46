<?php
/**
 * Plugin Name: CAR T Guide
 * Description: Puts the CAR T Guide chat on every page, or where [car_t_guide] stands.
 * Version: 0.1.0
 * Requires at least: 6.3
 * Requires PHP: 7.4
 */

defined( 'ABSPATH' ) || exit;

const CAR_T_GUIDE_OPTION = 'car_t_guide_server';

/** The address of the guide's server, or '' while it is not set. */
function car_t_guide_server() {
	return untrailingslashit( esc_url_raw( (string) get_option( CAR_T_GUIDE_OPTION, '' ), array( 'https', 'http' ) ) );
}

function car_t_guide_load() {
	$server = car_t_guide_server();
	if ( '' !== $server ) {
		// Without a version: the server itself says when its file has changed.
		wp_enqueue_script( 'car-t-guide', $server . '/chat/widget.js', array(), null, array( 'strategy' => 'defer' ) );
	}
}
add_action( 'wp_enqueue_scripts', 'car_t_guide_load' );

/** [car_t_guide title="..." language="es" position="left" accent="#123456" accent_text="#fff"] */
function car_t_guide_shortcode( $given ) {
	$server = car_t_guide_server();
	if ( '' === $server ) {
		return '';
	}
	$names = array( 'title' => '', 'language' => '', 'position' => '', 'accent' => '', 'accent_text' => '' );
	$parts = 'data-server="' . esc_attr( $server ) . '"';
	foreach ( array_filter( shortcode_atts( $names, $given, 'car_t_guide' ), 'strlen' ) as $name => $value ) {
		$parts .= ' data-' . str_replace( '_', '-', $name ) . '="' . esc_attr( $value ) . '"';
	}
	// Inside the element stands what is seen where no script runs.
	$link = '<a href="' . esc_url( $server . '/chat/' ) . '">' . esc_html__( 'Ask the CAR T Guide', 'car-t-guide' ) . '</a>';
	return "<car-t-guide $parts>$link</car-t-guide>";
}
add_shortcode( 'car_t_guide', 'car_t_guide_shortcode' );

function car_t_guide_setting() {
	register_setting( 'general', CAR_T_GUIDE_OPTION, array( 'type' => 'string', 'default' => '', 'sanitize_callback' => 'esc_url_raw' ) );
	add_settings_field( CAR_T_GUIDE_OPTION, esc_html__( 'CAR T Guide server', 'car-t-guide' ), 'car_t_guide_field', 'general', 'default', array( 'label_for' => CAR_T_GUIDE_OPTION ) );
}
add_action( 'admin_init', 'car_t_guide_setting' );

function car_t_guide_field() {
	printf(
		'<input type="url" class="regular-text" id="%1$s" name="%1$s" value="%2$s" placeholder="https://guide.example.org">',
		esc_attr( CAR_T_GUIDE_OPTION ),
		esc_attr( get_option( CAR_T_GUIDE_OPTION, '' ) )
	);
}
